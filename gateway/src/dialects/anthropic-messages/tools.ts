import { Fault } from "../../core/fault.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Tool } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { cacheField, readCache } from "./cache.ts";
import { origin } from "./origin.ts";

type FunctionTool = Extract<Tool, { type: "function" }>;

/** A tool without a type, or of type `custom`, is the caller's own; all others are Anthropic's. */
export function decodeTool(tool: Reader): Tool {
  const type = tool.optionalString("type");
  if (type !== undefined && type !== "custom") return { type: "vendor", origin, value: tool.verbatim() };
  const name = tool.string("name");
  const description = tool.optionalString("description");
  const schema = tool.json("input_schema");
  const strict = tool.optionalBoolean("strict");
  const cache = readCache(tool);
  const extra = tool.rest(origin);
  return {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    ...(isBareSchema(schema) ? {} : { parameters: schema }),
    ...(strict === undefined ? {} : { strict }),
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** The schema is required: `{"type":"object"}` says that there is none. */
function isBareSchema(schema: JsonObject): boolean {
  return schema["type"] === "object" && Object.keys(schema).length === 1;
}

/** @throws Fault `vendor_only` */
export function encodeTool(tool: Tool, losses: Losses, path: string): JsonObject {
  switch (tool.type) {
    case "function":
      return encodeFunction(tool, losses, path);
    case "custom":
      return encodeFreeText(tool, losses, path);
    default: {
      if (tool.origin === origin) return tool.value;
      const type = tool.value["type"];
      const kind = typeof type === "string" ? ` of type \`${type.slice(0, 64)}\`` : "";
      throw new Fault("vendor_only", { detail: `\`${path}\`${kind} is a tool of the ${tool.origin} API.` });
    }
  }
}

function encodeFunction(tool: FunctionTool, losses: Losses, path: string): JsonObject {
  const { parameters } = tool;
  if (parameters !== undefined && parameters["type"] !== "object") losses.add(`${path}.parameters`);
  return {
    ...extraFields(tool.extra, origin, losses, `${path}.`),
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: { ...parameters, type: "object" },
    ...(tool.strict === undefined ? {} : { strict: tool.strict }),
    ...cacheField(tool.cache),
  };
}

/** A tool that takes free text becomes one with a single string, `input`. */
function encodeFreeText(tool: Extract<Tool, { type: "custom" }>, losses: Losses, path: string): JsonObject {
  losses.add(`${path}.type`);
  if (tool.format !== undefined && tool.format["type"] !== "text") losses.add(`${path}.format`);
  return {
    ...extraFields(tool.extra, origin, losses, `${path}.`),
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: { type: "object", properties: { input: { type: "string" } }, required: ["input"] },
  };
}

/** Whether a tool of a request body runs at Anthropic or is of its own making. */
export function isVendorTool(tool: unknown): boolean {
  if (!isJsonObject(tool)) return false;
  const type = tool["type"];
  return typeof type === "string" && type !== "custom";
}

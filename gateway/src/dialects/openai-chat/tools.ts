import { Fault } from "../../core/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Tool, ToolChoice } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { decodeCache } from "./content-decode.ts";
import { id } from "./id.ts";
import { nestedRest, unnest } from "./nested-extra.ts";

/** `{type: "grammar", grammar: {definition, syntax}}` here is `{type: "grammar", definition, syntax}` in Responses. */
function flatFormat(format: JsonObject): JsonObject {
  const { grammar, ...others } = format;
  return isJsonObject(grammar ?? null) ? { ...others, ...(grammar as JsonObject) } : format;
}

function nestedFormat(format: JsonObject): JsonObject {
  const { type, ...grammar } = format;
  return type === "grammar" ? { type, grammar } : format;
}

export function decodeTool(tool: Reader): Tool {
  const type = tool.string("type");
  if (type === "function") {
    const inner = tool.object("function");
    const description = inner.optionalString("description");
    const parameters = inner.optionalJson("parameters");
    const strict = inner.optionalBoolean("strict");
    const name = inner.string("name");
    const cache = decodeCache(tool);
    const extra = nestedRest(tool, "function", inner);
    return {
      type,
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(strict === undefined ? {} : { strict }),
      ...(cache === undefined ? {} : { cache }),
      ...(extra === undefined ? {} : { extra }),
    };
  }
  if (type === "custom") {
    const inner = tool.object("custom");
    const description = inner.optionalString("description");
    const format = inner.optionalJson("format");
    const name = inner.string("name");
    const extra = nestedRest(tool, "custom", inner);
    return {
      type,
      name,
      ...(description === undefined ? {} : { description }),
      ...(format === undefined ? {} : { format: flatFormat(format) }),
      ...(extra === undefined ? {} : { extra }),
    };
  }
  return { type: "vendor", origin: id, value: tool.verbatim() };
}

function vendorOnly(value: JsonObject, path: string): Fault {
  const kind = Object.hasOwn(value, "type") ? value["type"] : undefined;
  return new Fault("vendor_only", {
    param: path,
    detail: `'${typeof kind === "string" ? kind : "unknown"}' cannot be sent to this model.`,
  });
}

/** @throws Fault `vendor_only` */
export function encodeTool(tool: Tool, losses: Losses, path: string): JsonObject {
  if (tool.type === "vendor") {
    if (tool.origin !== id) throw vendorOnly(tool.value, path);
    return tool.value;
  }
  if (tool.type === "function" && tool.cache !== undefined) losses.add(`${path}.cache`);
  const { outer, inner } = unnest(extraFields(tool.extra, id, losses, `${path}.`), tool.type);
  const named: JsonObject = {
    ...inner,
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
  };
  if (tool.type === "custom") {
    return {
      ...outer,
      type: "custom",
      custom: { ...named, ...(tool.format === undefined ? {} : { format: nestedFormat(tool.format) }) },
    };
  }
  return {
    ...outer,
    type: "function",
    function: {
      ...named,
      ...(tool.parameters === undefined ? {} : { parameters: tool.parameters }),
      ...(tool.strict === undefined ? {} : { strict: tool.strict }),
    },
  };
}

/** `tool_choice`: a word, one tool, or a kind of choice that only this dialect has (`allowed_tools`). */
export function decodeToolChoice(request: Reader): ToolChoice | undefined {
  const choice = request.peek("tool_choice");
  if (choice === undefined || typeof choice === "string") {
    const word = request.optionalOneOf("tool_choice", ["auto", "none", "required"]);
    return word === undefined ? undefined : { type: word };
  }
  const reader = request.object("tool_choice");
  const type = reader.string("type");
  if (type !== "function" && type !== "custom")
    return { type: "vendor", origin: id, value: reader.verbatim() };
  const name = reader.object(type).string("name");
  return { type: "tool", name, ...(type === "custom" ? { custom: true } : {}) };
}

/** @throws Fault `vendor_only` */
export function encodeToolChoice(choice: ToolChoice): Json {
  switch (choice.type) {
    case "tool": {
      const kind = choice.custom === true ? "custom" : "function";
      return { type: kind, [kind]: { name: choice.name } };
    }
    case "vendor":
      if (choice.origin !== id) throw vendorOnly(choice.value, "toolChoice");
      return choice.value;
    default:
      return choice.type;
  }
}

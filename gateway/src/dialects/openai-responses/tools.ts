import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Tool, ToolChoice } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { vendorOnly } from "./content.ts";

const self = "openai-responses";

export function decodeTool(tool: Reader): Tool {
  const verbatim = tool.verbatim();
  switch (tool.optionalString("type")) {
    case "function":
      return decodeFunction(tool);
    case "custom":
      return decodeCustom(tool);
    default:
      return { type: "vendor", origin: self, value: verbatim };
  }
}

/**
 * `strict: false` is what every dialect means by saying nothing, so it is read as nothing. Saying nothing on this
 * wire lets OpenAI make the schema strict where it can: a vendor that cannot is not asked to.
 */
function decodeFunction(tool: Reader): Tool {
  const name = tool.string("name");
  const description = tool.optionalString("description");
  const parameters = tool.optionalJson("parameters");
  const strict = tool.optionalBoolean("strict");
  const extra = tool.rest(self);
  return {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === true ? { strict } : {}),
    ...(extra === undefined ? {} : { extra }),
  };
}

function decodeCustom(tool: Reader): Tool {
  const name = tool.string("name");
  const description = tool.optionalString("description");
  const format = tool.optionalJson("format");
  const extra = tool.rest(self);
  return {
    type: "custom",
    name,
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** @returns undefined for a tool of another vendor. */
export function encodeTool(tool: Tool, path: string, losses: Losses): JsonObject | undefined {
  if (tool.type === "vendor") return tool.origin === self ? tool.value : undefined;
  const extra = extraFields(tool.extra, self, losses, `${path}.`);
  const described = tool.description === undefined ? {} : { description: tool.description };
  if (tool.type === "custom") {
    const format = tool.format === undefined ? {} : { format: tool.format };
    return { ...extra, type: "custom", name: tool.name, ...described, ...format };
  }
  if (tool.cache !== undefined) losses.add(`${path}.cache`);
  return {
    ...extra,
    type: "function",
    name: tool.name,
    ...described,
    // Both are required, and null says that there are none.
    parameters: tool.parameters ?? null,
    strict: tool.strict ?? false,
  };
}

/** @throws Fault `vendor_only` */
export function encodeTools(tools: readonly Tool[], losses: Losses): Json[] {
  return tools.map((tool, index) => {
    const said = encodeTool(tool, `tools[${index}]`, losses);
    if (said === undefined && tool.type === "vendor") throw vendorOnly(tool.value);
    return said ?? null;
  });
}

export function decodeToolChoice(body: Reader): ToolChoice | undefined {
  if (typeof body.peek("tool_choice") === "string")
    return { type: body.oneOf("tool_choice", ["auto", "none", "required"]) };
  const choice = body.optionalObject("tool_choice");
  if (choice === undefined) return undefined;
  const type = choice.optionalString("type");
  if (type !== "function" && type !== "custom")
    return { type: "vendor", origin: self, value: choice.verbatim() };
  return { type: "tool", name: choice.string("name"), ...(type === "custom" ? { custom: true } : {}) };
}

/** @returns undefined for a choice of another vendor. */
export function encodeToolChoice(choice: ToolChoice, losses: Losses): Json | undefined {
  switch (choice.type) {
    case "auto":
    case "none":
    case "required":
      return choice.type;
    case "tool":
      if (choice.custom === false) losses.add("toolChoice.custom");
      return { type: choice.custom === true ? "custom" : "function", name: choice.name };
    default:
      return choice.origin === self ? choice.value : undefined;
  }
}

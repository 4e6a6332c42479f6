import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type {
  Part,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
  VendorPart,
} from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { encodeOutputContent } from "./output-content.ts";

const self = "openai-responses";

/** What differs between items of an answer and items of a conversation sent to a provider. */
export interface ItemStyle {
  /** `id` and `status` of a message or call; {} where items have none. */
  labels(kind: "msg" | "fc" | "ctc", index: number): JsonObject;
  reasoning(part: ReasoningPart, index: number, path: string, losses: Losses): JsonObject | undefined;
  vendor(part: VendorPart, path: string, losses: Losses): JsonObject | undefined;
}

/**
 * An assistant's turn as items. Neighbouring text and refusals stand in one message.
 *
 * @param path of the parts: `messages[2].parts`.
 */
export function encodeAssistantItems(
  parts: readonly Part[],
  path: string,
  losses: Losses,
  style: ItemStyle,
): JsonObject[] {
  const items: JsonObject[] = [];
  let message: { readonly fields: string; readonly content: Json[] } | undefined;
  for (const [index, part] of parts.entries()) {
    const place = `${path}[${index}]`;
    if (part.type === "text" || part.type === "refusal") {
      message = encodeText(part, place, losses, style, items, message);
      continue;
    }
    const item = encodeItem(part, items.length, place, losses, style);
    if (item === undefined) continue;
    items.push(item);
    message = undefined;
  }
  return items;
}

function encodeText(
  part: TextPart | RefusalPart,
  path: string,
  losses: Losses,
  style: ItemStyle,
  items: JsonObject[],
  open: { readonly fields: string; readonly content: Json[] } | undefined,
): { readonly fields: string; readonly content: Json[] } {
  const { content, item } = encodeOutputContent(part, path, losses);
  const fields = JSON.stringify(item);
  if (open !== undefined && open.fields === fields) {
    open.content.push(content);
    return open;
  }
  const message = { fields, content: [content] as Json[] };
  items.push({
    ...item,
    type: "message",
    role: "assistant",
    ...style.labels("msg", items.length),
    content: message.content,
  });
  return message;
}

function encodeItem(
  part: Exclude<Part, TextPart | RefusalPart>,
  index: number,
  path: string,
  losses: Losses,
  style: ItemStyle,
): JsonObject | undefined {
  switch (part.type) {
    case "reasoning":
      return style.reasoning(part, index, path, losses);
    case "tool_call":
      return {
        ...encodeCall(part, path, losses),
        ...style.labels(part.custom === true ? "ctc" : "fc", index),
      };
    case "vendor":
      return style.vendor(part, path, losses);
    default:
      losses.add(path);
      return undefined;
  }
}

/** A call without its labels. */
export function encodeCall(part: ToolCallPart, path: string, losses: Losses): JsonObject {
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  if (part.custom === false) losses.add(`${path}.custom`);
  return {
    ...extraFields(part.extra, self, losses, `${path}.`),
    ...(part.custom === true
      ? { type: "custom_tool_call", call_id: part.id, name: part.name, input: part.arguments }
      : { type: "function_call", call_id: part.id, name: part.name, arguments: part.arguments }),
  };
}

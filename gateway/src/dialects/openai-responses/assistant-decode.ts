import type { Json } from "../../core/json.ts";
import type { Part, RefusalPart, TextPart, ToolCallPart } from "../../core/part.ts";
import type { Reader } from "../reader.ts";
import { withMessageFields } from "./message-extra.ts";
import { decodeOutputContent } from "./output-content.ts";
import { decodeReasoning } from "./reasoning.ts";

const self = "openai-responses";

/**
 * An item that an assistant made, as parts of its turn. `id` and `status` of messages and calls are the vendor's
 * labels on its own copy and are not kept.
 *
 * @param position of the item, for the id of a call that came without one.
 */
export function decodeAssistantItem(item: Reader, position: number): Part[] {
  switch (item.peek("type")) {
    case undefined:
    case "message":
      return decodeMessage(item);
    case "reasoning":
      return [decodeReasoning(item)];
    case "function_call":
      return [decodeCall(item, "arguments", position)];
    case "custom_tool_call":
      return [{ ...decodeCall(item, "input", position), custom: true }];
    default:
      return [{ type: "vendor", origin: self, value: item.verbatim() }];
  }
}

function decodeMessage(item: Reader): Part[] {
  for (const known of ["type", "role", "id", "status"]) item.take(known);
  const content = item.peek("content");
  const parts: (TextPart | RefusalPart | undefined)[] = [];
  if (typeof content === "string") {
    item.take("content");
    parts.push({ type: "text", text: content });
  } else {
    for (const piece of item.items("content")) parts.push(decodeOutputContent(piece));
  }
  const rest = item.rest(self);
  const known: Part[] = [];
  for (const part of parts) {
    // A kind of content that is not known: only the message as a whole can be handed back.
    if (part === undefined) return [{ type: "vendor", origin: self, value: item.verbatim() }];
    if (part.type === "refusal") {
      known.push(part);
      continue;
    }
    const extra = withMessageFields(part.extra, rest);
    known.push(extra === undefined ? part : { ...part, extra });
  }
  return known;
}

function decodeCall(item: Reader, field: "arguments" | "input", position: number): ToolCallPart {
  for (const known of ["type", "status"]) item.take(known);
  const itemId = item.optionalString("id");
  const id = item.optionalString("call_id") ?? itemId ?? `call_${position}`;
  const name = item.string("name");
  const text = argumentsText(item.take(field));
  if (text === undefined) throw item.fault(field, "Expected a string.");
  const extra = item.rest(self);
  return { type: "tool_call", id, name, arguments: text, ...(extra === undefined ? {} : { extra }) };
}

/** Engines send arguments as an object now and then. */
function argumentsText(value: Json | undefined): string | undefined {
  if (typeof value !== "object") return typeof value === "string" ? value : undefined;
  try {
    return JSON.stringify(value);
  } catch {
    // Nested deeper than the stack: nothing that a tool could be called with.
    return undefined;
  }
}

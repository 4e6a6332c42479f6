import type { Json } from "../../core/json.ts";
import type { Part, ToolResultPart } from "../../core/part.ts";
import type { Message } from "../../core/request.ts";
import type { Reader } from "../reader.ts";
import { decodeAssistantItem } from "./assistant-decode.ts";
import { decodeContent } from "./content.ts";

const self = "openai-responses";

/** Whose turn an item belongs to: results of tools that the client ran answer the assistant's turn. */
function sideOf(type: Json | undefined): "message" | "assistant" | "tool" {
  if (type === undefined || type === "message") return "message";
  return isResultType(type) ? "tool" : "assistant";
}

export function isResultType(type: Json | undefined): boolean {
  return typeof type === "string" && (type.endsWith("_output") || type === "mcp_approval_response");
}

/**
 * `instructions` and `input` as messages. Instructions become the first message. Neighbouring items of an assistant
 * (reasoning, messages, calls) are one turn, neighbouring results of tools another.
 */
export function decodeInput(body: Reader): Message[] {
  const messages: Message[] = [];
  const instructions = body.optionalString("instructions") ?? "";
  if (instructions !== "") messages.push({ role: "system", parts: [{ type: "text", text: instructions }] });
  const input = body.peek("input");
  if (typeof input === "string") {
    body.take("input");
    messages.push({ role: "user", parts: [{ type: "text", text: input }] });
    return messages;
  }
  let turn: { readonly role: "assistant" | "tool"; readonly parts: Part[] } | undefined;
  for (const [position, item] of (body.optionalItems("input") ?? []).entries()) {
    const side = sideOf(item.peek("type"));
    if (side === "message" && item.peek("role") !== "assistant") {
      const message = decodeMessage(item);
      if (message !== undefined) messages.push(message);
      turn = undefined;
      continue;
    }
    const role = side === "tool" ? "tool" : "assistant";
    const parts = role === "tool" ? [decodeResult(item)] : decodeAssistantItem(item, position);
    if (parts.length === 0) continue;
    if (turn?.role !== role) {
      turn = { role, parts: [] };
      messages.push(turn);
    }
    for (const part of parts) turn.parts.push(part);
  }
  return messages;
}

function decodeMessage(item: Reader): Message | undefined {
  // A reference is the one other item that may come without a type.
  if (!item.has("role") && item.has("id"))
    return { role: "assistant", parts: [{ type: "vendor", origin: self, value: item.verbatim() }] };
  for (const known of ["type", "id", "status"]) item.take(known);
  const role = item.oneOf("role", ["user", "system", "developer"]);
  const content = item.peek("content");
  const parts: Part[] = [];
  if (typeof content === "string") {
    item.take("content");
    parts.push({ type: "text", text: content });
  } else {
    for (const piece of item.items("content")) {
      parts.push(decodeContent(piece) ?? { type: "vendor", origin: self, value: piece.verbatim() });
    }
  }
  const extra = item.rest(self);
  return parts.length === 0 ? undefined : { role, parts, ...(extra === undefined ? {} : { extra }) };
}

function decodeResult(item: Reader): Part {
  const type = item.peek("type");
  const id = item.peek("call_id");
  if ((type !== "function_call_output" && type !== "custom_tool_call_output") || id === undefined)
    return { type: "vendor", origin: self, value: item.verbatim() };
  for (const known of ["type", "id", "status"]) item.take(known);
  const callId = item.string("call_id");
  const content = decodeOutput(item);
  if (content === undefined) return { type: "vendor", origin: self, value: item.verbatim() };
  const extra = item.rest(self);
  return {
    type: "tool_result",
    id: callId,
    content,
    ...(type === "custom_tool_call_output" ? { custom: true } : {}),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Undefined where it holds content of a kind that is not known. */
function decodeOutput(item: Reader): ToolResultPart["content"] | undefined {
  const output = item.peek("output");
  if (typeof output === "string") {
    item.take("output");
    return [{ type: "text", text: output }];
  }
  const content: ToolResultPart["content"][number][] = [];
  for (const piece of item.items("output")) {
    const part = decodeContent(piece);
    if (part === undefined || part.type === "audio") return undefined;
    content.push(part);
  }
  return content;
}

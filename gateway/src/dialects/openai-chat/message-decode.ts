import type { Citation, Part, TextPart, ToolCallPart, ToolResultPart } from "../../core/part.ts";
import type { Message } from "../../core/request.ts";
import type { Reader } from "../reader.ts";
import { decodeAnnotation } from "./annotations.ts";
import { assistantPart, decodeContent, textOnlyPart, userPart } from "./content-decode.ts";
import { id } from "./id.ts";
import { decodeReasoning } from "./reasoning-details.ts";
import { decodeToolCall } from "./tool-calls.ts";

const empty: TextPart = { type: "text", text: "" };

/** The parts of an assistant message are in this order: reasoning, content, refusal, tool calls, audio. */
function assistantParts(message: Reader, fallbackId: string): Part[] {
  const parts: Part[] = decodeReasoning(message);
  const content: Part[] = decodeContent(message, assistantPart);
  const citations: Citation[] = (message.optionalItems("annotations") ?? []).map(decodeAnnotation);
  const [first] = content;
  if (citations.length > 0 && content.length === 1 && first?.type === "text") {
    content[0] = { ...first, citations };
  }
  parts.push(...content);
  const refusal = message.optionalString("refusal");
  if (refusal !== undefined && refusal !== "") parts.push({ type: "refusal", text: refusal });
  for (const call of message.optionalItems("tool_calls") ?? []) parts.push(decodeToolCall(call, undefined));
  const legacy = message.optionalObject("function_call");
  if (legacy !== undefined) parts.push(legacyCall(legacy, fallbackId));
  const audio = message.optionalJson("audio");
  if (audio !== undefined) parts.push({ type: "vendor", origin: id, value: { type: "audio", audio } });
  return parts.length === 0 ? [empty] : parts;
}

/** `function_call` came before `tool_calls` and has no id. */
function legacyCall(call: Reader, callId: string): ToolCallPart {
  return {
    type: "tool_call",
    id: callId,
    name: call.string("name"),
    arguments: call.optionalString("arguments") ?? "",
  };
}

function toolResult(message: Reader, callId: string, custom: boolean): ToolResultPart {
  const content = decodeContent(message, textOnlyPart);
  const extra = message.rest(id);
  return {
    type: "tool_result",
    id: callId,
    content: content.length === 0 ? [empty] : content,
    ...(custom ? { custom } : {}),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** `messages`. Adjacent `tool` messages are one in the neutral form. @throws Fault `invalid_request` */
export function decodeMessages(request: Reader): Message[] {
  const messages: Message[] = [];
  const customCalls = new Set<string>();
  let results: ToolResultPart[] | undefined;
  let legacyId = "";
  for (const [position, reader] of request.items("messages").entries()) {
    const role = reader.oneOf("role", ["system", "developer", "user", "assistant", "tool", "function"]);
    if (role === "tool" || role === "function") {
      // A `function` message names the function; it answers the call before it.
      const callId = role === "tool" ? reader.string("tool_call_id") : legacyId;
      if (role === "function") reader.take("name");
      const result = toolResult(reader, callId, customCalls.has(callId));
      if (results === undefined) {
        results = [];
        messages.push({ role: "tool", parts: results });
      }
      results.push(result);
      continue;
    }
    results = undefined;
    const name = reader.optionalString("name");
    let parts: Part[];
    if (role === "assistant") {
      legacyId = `call_${position}`;
      parts = assistantParts(reader, legacyId);
      for (const part of parts)
        if (part.type === "tool_call" && part.custom === true) customCalls.add(part.id);
    } else {
      if (!reader.has("content")) throw reader.fault("content", "Expected a string or an array of parts.");
      parts = decodeContent(reader, role === "user" ? userPart : textOnlyPart);
    }
    const extra = reader.rest(id);
    messages.push({
      role,
      parts: parts.length === 0 ? [empty] : parts,
      ...(name === undefined ? {} : { name }),
      ...(extra === undefined ? {} : { extra }),
    });
  }
  return messages;
}

import type { Quirks } from "../../core/dialect.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Part, ReasoningPart, ToolResultPart } from "../../core/part.ts";
import type { Message } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import { contentOf, encodeText, encodeUserPart, ownValue } from "./content-encode.ts";
import { id } from "./id.ts";
import { encodeDetails } from "./reasoning-details.ts";
import { encodeToolCall } from "./tool-calls.ts";

/**
 * Reasoning sent back to the vendor it may be of. The dialect's author takes none. A vendor with `reasoning_content`
 * takes text; one with `reasoning` also `reasoning_details`. What another dialect's vendor signed stays home.
 */
function encodeOwnReasoning(
  parts: readonly { readonly part: ReasoningPart; readonly path: string }[],
  quirks: Quirks,
  losses: Losses,
): JsonObject {
  const field = quirks.reasoningField;
  const text: string[] = [];
  const details: JsonObject[] = [];
  for (const { part, path } of parts) {
    const foreign = part.signature !== undefined && part.signature.origin !== id;
    if (field === undefined || foreign || (field === "reasoning_content" && part.text === undefined)) {
      losses.add(path);
      continue;
    }
    if (part.text !== undefined) text.push(part.text);
    if (field === "reasoning") {
      details.push(...encodeDetails(part, details.length, losses, path));
      continue;
    }
    for (const left of ["id", "summary", "signature", "redacted", "extra"] as const) {
      if (part[left] !== undefined) losses.add(`${path}.${left}`);
    }
    if (text.length > 1) losses.add(path);
  }
  return {
    ...(field === undefined || text.length === 0 ? {} : { [field]: text.join("\n\n") }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
  };
}

/** What comes back of a message's parts stands in this order; a part that stood elsewhere has lost its place. */
function stageOf(part: Part): number {
  if (part.type === "reasoning") return 0;
  if (part.type === "tool_call") return 2;
  if (part.type !== "vendor") return 1;
  if (part.value["type"] === "content_part") return 1;
  return part.value["type"] === "audio" ? 3 : 2;
}

function encodeAssistant(message: Message, quirks: Quirks, losses: Losses, path: string): JsonObject {
  const reasoning: { part: ReasoningPart; path: string }[] = [];
  const content: JsonObject[] = [];
  const calls: JsonObject[] = [];
  let audio: JsonObject = {};
  let stage = 0;
  for (const [index, part] of message.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    if (stageOf(part) < stage) losses.add(at);
    stage = Math.max(stage, stageOf(part));
    switch (part.type) {
      case "reasoning":
        reasoning.push({ part, path: at });
        break;
      case "text":
        content.push(encodeText(part, losses, at));
        break;
      case "refusal":
        if (part.logprobs !== undefined) losses.add(`${at}.logprobs`);
        content.push({ type: "refusal", refusal: part.text });
        break;
      case "tool_call":
        calls.push(encodeToolCall(part, losses, at));
        break;
      case "vendor": {
        const value = ownValue(part, at);
        if (value["type"] === "audio") audio = { audio: value["audio"] ?? null };
        else if (value["type"] === "content_part") content.push(value["content_part"] as JsonObject);
        else calls.push(value);
        break;
      }
      default:
        losses.add(at);
    }
  }
  return {
    role: "assistant",
    ...(content.length === 0 && calls.length > 0 ? { content: null } : { content: contentOf(content) }),
    ...encodeOwnReasoning(reasoning, quirks, losses),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...audio,
  };
}

/**
 * One wire message for each result. The wire takes only text in them: images and files follow in a user message,
 * after all results, so that the model still sees them.
 */
function encodeResults(
  message: Message,
  customCalls: ReadonlySet<string>,
  losses: Losses,
  path: string,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  const followers: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    if (part.type !== "tool_result") {
      losses.add(at);
      continue;
    }
    if (part.isError !== undefined) losses.add(`${at}.isError`);
    if (part.cache !== undefined) losses.add(`${at}.cache`);
    if (part.custom === true && !customCalls.has(part.id)) losses.add(`${at}.custom`);
    encoded.push({
      ...extraFields(part.extra, id, losses, `${at}.`),
      role: "tool",
      tool_call_id: part.id,
      content: contentOf(resultContent(part, followers, losses, at)),
    });
  }
  if (followers.length > 0) encoded.push({ role: "user", content: followers });
  return encoded;
}

function resultContent(
  result: ToolResultPart,
  followers: JsonObject[],
  losses: Losses,
  path: string,
): JsonObject[] {
  const content: JsonObject[] = [];
  for (const [index, part] of result.content.entries()) {
    const at = `${path}.content[${index}]`;
    if (part.type === "text") {
      content.push(encodeText(part, losses, at));
      continue;
    }
    losses.add(at);
    const encoded = encodeUserPart(part, losses, at);
    if (encoded === undefined) continue;
    followers.push({ type: "text", text: `From the result of tool call ${result.id}:` }, encoded);
  }
  return content;
}

function encodePlain(message: Message, quirks: Quirks, losses: Losses, path: string): JsonObject {
  const content: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    if (message.role !== "user" && part.type !== "text") {
      losses.add(at);
      continue;
    }
    const encoded = encodeUserPart(part, losses, at);
    if (encoded !== undefined) content.push(encoded);
  }
  const renamed = message.role === "developer" && quirks.developerRole === false;
  if (renamed) losses.add(`${path}.role`);
  return { role: renamed ? "system" : message.role, content: contentOf(content) };
}

/** @throws Fault `vendor_only` */
export function encodeMessages(messages: readonly Message[], quirks: Quirks, losses: Losses): JsonObject[] {
  const encoded: JsonObject[] = [];
  const customCalls = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    const extra = extraFields(message.extra, id, losses, `${path}.`);
    if (message.role === "tool") {
      if (extra !== undefined) losses.add(`${path}.extra`);
      if (message.name !== undefined) losses.add(`${path}.name`);
      encoded.push(...encodeResults(message, customCalls, losses, path));
      continue;
    }
    for (const part of message.parts) {
      if (part.type === "tool_call" && part.custom === true) customCalls.add(part.id);
    }
    const body =
      message.role === "assistant"
        ? encodeAssistant(message, quirks, losses, path)
        : encodePlain(message, quirks, losses, path);
    encoded.push({ ...extra, ...body, ...(message.name === undefined ? {} : { name: message.name }) });
  }
  return encoded;
}

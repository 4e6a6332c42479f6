import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Part, ToolResultPart } from "../../core/part.ts";
import type { Message } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import { encodeAssistantItems, type ItemStyle } from "./assistant-encode.ts";
import { encodeContent, vendorOnly } from "./content.ts";
import { isResultType } from "./input-decode.ts";
import { encodeReasoningRequest } from "./reasoning.ts";

const self = "openai-responses";

const requestStyle: ItemStyle = {
  // Ids would be looked up where nothing is stored.
  labels: () => ({}),
  reasoning: (part, _index, path, losses) => encodeReasoningRequest(part, path, losses),
  vendor(part, path, losses) {
    if (part.origin !== self) throw vendorOnly(part.value);
    if (isResultType(part.value["type"])) losses.add(path);
    return part.value;
  },
};

/** The text of a first message that `instructions` can say. */
export function instructionsOf(messages: readonly Message[]): string | undefined {
  const first = messages[0];
  const part = first?.parts[0];
  if (first?.role !== "system" || first.parts.length !== 1 || part?.type !== "text") return undefined;
  const plain = first.name === undefined && first.extra === undefined && Object.keys(part).length === 2;
  return plain && part.text !== "" ? part.text : undefined;
}

/**
 * Messages as items.
 *
 * @param from index of the first message to say.
 * @throws Fault `vendor_only`
 */
export function encodeInput(messages: readonly Message[], from: number, losses: Losses): Json[] {
  const input: Json[] = [];
  let previous: Message["role"] | undefined;
  for (let index = from; index < messages.length; index += 1) {
    const message = messages[index];
    if (message === undefined) continue;
    const path = `messages[${index}]`;
    if (message.name !== undefined) losses.add(`${path}.name`);
    const items = encodeMessage(message, path, losses);
    if (items.length === 0) continue;
    // Two turns of an assistant in a row read as one.
    if (message.role === previous && (message.role === "assistant" || message.role === "tool"))
      losses.add(path);
    previous = message.role;
    for (const item of items) input.push(item);
  }
  return input;
}

function encodeMessage(message: Message, path: string, losses: Losses): JsonObject[] {
  if (message.role === "assistant") {
    for (const key of Object.keys(message.extra?.fields ?? {})) losses.add(`${path}.extra.${key}`);
    return encodeAssistantItems(message.parts, `${path}.parts`, losses, requestStyle);
  }
  if (message.role === "tool") {
    for (const key of Object.keys(message.extra?.fields ?? {})) losses.add(`${path}.extra.${key}`);
    return encodeResults(message.parts, path, losses);
  }
  const content: Json[] = [];
  for (const [index, part] of message.parts.entries()) {
    const piece = encodeContent(part, `${path}.parts[${index}]`, losses);
    if (piece !== undefined) content.push(piece);
  }
  if (content.length === 0) return [];
  const extra = extraFields(message.extra, self, losses, `${path}.`);
  return [{ ...extra, type: "message", role: message.role, content }];
}

function encodeResults(parts: readonly Part[], path: string, losses: Losses): JsonObject[] {
  const items: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const place = `${path}.parts[${index}]`;
    if (part.type === "tool_result") {
      items.push(encodeResult(part, place, losses));
    } else if (part.type === "vendor" && part.origin === self) {
      if (!isResultType(part.value["type"])) losses.add(place);
      items.push(part.value);
    } else if (part.type === "vendor") {
      throw vendorOnly(part.value);
    } else {
      losses.add(place);
    }
  }
  return items;
}

function encodeResult(part: ToolResultPart, path: string, losses: Losses): JsonObject {
  if (part.isError === true) losses.add(`${path}.isError`);
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  if (part.custom === false) losses.add(`${path}.custom`);
  const [only] = part.content;
  const plain = part.content.length === 1 && only?.type === "text" && Object.keys(only).length === 2;
  return {
    ...extraFields(part.extra, self, losses, `${path}.`),
    type: part.custom === true ? "custom_tool_call_output" : "function_call_output",
    call_id: part.id,
    output: plain ? only.text : encodeResultContent(part, path, losses),
  };
}

function encodeResultContent(part: ToolResultPart, path: string, losses: Losses): Json[] {
  const content: Json[] = [];
  for (const [index, piece] of part.content.entries()) {
    const said = encodeContent(piece, `${path}.content[${index}]`, losses);
    if (said !== undefined) content.push(said);
  }
  return content;
}

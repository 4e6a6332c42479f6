import { Fault } from "../../core/fault.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type {
  Part,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  VendorPart,
} from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { cacheField } from "./cache.ts";
import { encodeCitation } from "./citations.ts";
import { encodeDocument, encodeImage } from "./media.ts";
import { origin } from "./origin.ts";
import { shownReasoning } from "./reasoning-block.ts";
import { wireToolId } from "./tool-id.ts";

/**
 * A content block for the vendor; undefined, and a loss, where it cannot be said.
 * @throws Fault `vendor_only`
 */
export function encodeRequestBlock(part: Part, losses: Losses, path: string): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return encodeText(part, true, losses, path);
    case "image":
      return encodeImage(part, losses, path);
    case "file":
      return encodeDocument(part, losses, path);
    case "reasoning":
      return vendorReasoning(part, losses, path);
    case "tool_call":
      return encodeToolCall(part, losses, path);
    case "tool_result":
      return encodeToolResult(part, losses, path);
    case "refusal":
      losses.add(`${path}.type`);
      return part.text === "" ? undefined : { type: "text", text: part.text };
    case "audio":
      losses.add(path);
      return undefined;
    default:
      return ownVendorBlock(part, path);
  }
}

/** A content block for a client; undefined, and a loss, where it cannot be said. */
export function encodeAnswerBlock(part: Part, losses: Losses, path: string): JsonObject | undefined {
  switch (part.type) {
    case "text": {
      const block = encodeText(part, false, losses, path);
      return block === undefined ? undefined : { citations: null, ...block };
    }
    case "reasoning":
      return { ...extraFields(part.extra, origin, losses, `${path}.`), ...shownReasoning(part) };
    case "tool_call":
      return encodeToolCall(part, losses, path);
    case "refusal":
      losses.add(`${path}.type`);
      return part.text === "" ? undefined : { type: "text", text: part.text, citations: null };
    case "vendor":
      if (part.origin === origin) return part.value;
      break;
    default:
  }
  losses.add(path);
  return undefined;
}

/** Empty text is left out: the vendor rejects it, also when a client echoes it. */
function encodeText(part: TextPart, toVendor: boolean, losses: Losses, path: string): JsonObject | undefined {
  if (part.text === "") {
    losses.add(path);
    return undefined;
  }
  if (part.logprobs !== undefined) losses.add(`${path}.logprobs`);
  const citations: JsonObject[] = [];
  for (const [index, citation] of (part.citations ?? []).entries()) {
    const encoded = encodeCitation(citation, toVendor, losses, `${path}.citations[${index}]`);
    if (encoded !== undefined) citations.push(encoded);
  }
  return {
    ...extraFields(part.extra, origin, losses, `${path}.`),
    type: "text",
    text: part.text,
    ...(citations.length === 0 ? {} : { citations }),
    ...cacheField(part.cache),
  };
}

function encodeToolCall(part: ToolCallPart, losses: Losses, path: string): JsonObject {
  return {
    ...extraFields(part.extra, origin, losses, `${path}.`),
    type: "tool_use",
    id: wireToolId(part.id),
    name: part.name,
    input: inputOf(part, losses, path),
    ...cacheField(part.cache),
  };
}

/** The vendor takes only objects: free text and arguments that were cut short are put into one. */
function inputOf(part: ToolCallPart, losses: Losses, path: string): JsonObject {
  if (part.custom !== undefined) losses.add(`${path}.custom`);
  if (part.custom === true) return { input: part.arguments };
  if (part.arguments.trim() === "") return {};
  try {
    const input: unknown = JSON.parse(part.arguments);
    if (isJsonObject(input)) return input;
  } catch {
    // Told below.
  }
  losses.add(`${path}.arguments`);
  return { input: part.arguments };
}

function encodeToolResult(part: ToolResultPart, losses: Losses, path: string): JsonObject {
  if (part.custom !== undefined) losses.add(`${path}.custom`);
  const content = encodeResultContent(part, losses, path);
  return {
    ...extraFields(part.extra, origin, losses, `${path}.`),
    type: "tool_result",
    tool_use_id: wireToolId(part.id),
    ...(content === undefined ? {} : { content }),
    ...(part.isError === undefined ? {} : { is_error: part.isError }),
    ...cacheField(part.cache),
  };
}

function encodeResultContent(
  part: ToolResultPart,
  losses: Losses,
  path: string,
): string | JsonObject[] | undefined {
  const only = part.content.length === 1 ? part.content[0] : undefined;
  if (only?.type === "text" && only.text === "") return "";
  const blocks: JsonObject[] = [];
  for (const [index, item] of part.content.entries()) {
    const block = encodeRequestBlock(item, losses, `${path}.content[${index}]`);
    if (block !== undefined) blocks.push(block);
  }
  return blocks.length === 0 ? undefined : (plainTextOf(blocks) ?? blocks);
}

/** The short form of a content that is one block of text and nothing else. */
export function plainTextOf(blocks: readonly JsonObject[]): string | undefined {
  const only = blocks.length === 1 ? blocks[0] : undefined;
  if (only?.["type"] !== "text" || Object.keys(only).length !== 2) return undefined;
  return typeof only["text"] === "string" ? only["text"] : undefined;
}

/** The vendor takes back only reasoning that it signed itself. */
function vendorReasoning(part: ReasoningPart, losses: Losses, path: string): JsonObject | undefined {
  const { signature } = part;
  if (signature?.origin !== origin) {
    losses.add(path);
    return undefined;
  }
  if (part.id !== undefined) losses.add(`${path}.id`);
  if (part.summary !== undefined) losses.add(`${path}.summary`);
  const extra = extraFields(part.extra, origin, losses, `${path}.`);
  if (part.redacted !== true) {
    if (part.redacted !== undefined) losses.add(`${path}.redacted`);
    return { ...extra, type: "thinking", thinking: part.text ?? "", signature: signature.value };
  }
  if (part.text !== undefined) losses.add(`${path}.text`);
  return { ...extra, type: "redacted_thinking", data: signature.value };
}

function ownVendorBlock(part: VendorPart, path: string): JsonObject {
  if (part.origin === origin) return part.value;
  const type = part.value["type"];
  const kind = typeof type === "string" ? ` of type \`${type.slice(0, 64)}\`` : "";
  throw new Fault("vendor_only", { detail: `\`${path}\`${kind} is a block of the ${part.origin} API.` });
}

import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ReasoningPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { unwrapSignature, wrapSignature } from "../foreign-signature.ts";
import type { Reader } from "../reader.ts";

const self = "openai-responses";

/** Begins the ids of reasoning items that no vendor named: the wire requires one, the neutral form does not. */
const ownPrefix = "rs_entente_";

export function reasoningId(token: string, index: number): string {
  return `${ownPrefix}${token}_${index}`;
}

function texts(pieces: readonly Reader[] | undefined): string[] {
  const read: string[] = [];
  for (const piece of pieces ?? []) {
    const text = piece.optionalString("text");
    if (text !== undefined) read.push(text);
  }
  return read;
}

/** The id and proof of a reasoning item, also of one that another vendor made and we carried in it. */
function decodeProof(item: Reader): Pick<ReasoningPart, "id" | "signature" | "redacted"> {
  const id = item.optionalString("id");
  const sealed = item.optionalString("encrypted_content");
  const carried = sealed === undefined ? undefined : unwrapSignature(sealed);
  if (carried !== undefined) {
    return {
      ...(carried.id === undefined ? {} : { id: carried.id }),
      ...(carried.signature === undefined ? {} : { signature: carried.signature }),
      ...(carried.redacted === undefined ? {} : { redacted: carried.redacted }),
    };
  }
  return {
    ...(id === undefined || id.startsWith(ownPrefix) ? {} : { id }),
    ...(sealed === undefined ? {} : { signature: { origin: self, value: sealed } }),
  };
}

export function decodeReasoning(item: Reader): ReasoningPart {
  item.take("type");
  item.take("status");
  const proof = decodeProof(item);
  const summary = texts(item.optionalItems("summary"));
  const content = texts(item.optionalItems("content"));
  const extra = item.rest(self);
  return {
    type: "reasoning",
    ...proof,
    ...(content.length === 0 ? {} : { text: content.join("") }),
    ...(summary.length === 0 ? {} : { summary }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Whether the wire has no words of its own for what proves this reasoning. */
function isForeign({ redacted, signature }: ReasoningPart): boolean {
  return redacted !== undefined || (signature !== undefined && signature.origin !== self);
}

/** What the item says of its maker natively. */
function nativeProof({ id, signature }: ReasoningPart, fallbackId: string): JsonObject {
  return {
    id: id ?? fallbackId,
    ...(signature === undefined ? {} : { encrypted_content: signature.value }),
  };
}

/** The same, carried in the ciphertext's field. */
function carriedProof({ id, redacted, signature }: ReasoningPart, itemId: string): JsonObject {
  const carried = {
    ...(id === undefined ? {} : { id }),
    ...(redacted === undefined ? {} : { redacted }),
  };
  return { id: itemId, encrypted_content: wrapSignature(signature, carried) };
}

function body(part: ReasoningPart, path: string, losses: Losses): JsonObject {
  if (part.summary?.length === 0) losses.add(`${path}.summary`);
  return {
    ...extraFields(part.extra, self, losses, `${path}.`),
    type: "reasoning",
    summary: (part.summary ?? []).map((text): Json => ({ type: "summary_text", text })),
    ...(part.text === undefined ? {} : { content: [{ type: "reasoning_text", text: part.text }] }),
  };
}

/** For a client. @param fallbackId where the part has none of its own. */
export function encodeReasoningAnswer(
  part: ReasoningPart,
  fallbackId: string,
  path: string,
  losses: Losses,
): JsonObject {
  const proof = isForeign(part) ? carriedProof(part, fallbackId) : nativeProof(part, fallbackId);
  return { ...body(part, path, losses), ...proof };
}

/** The end of a streamed item. Clients hold it to the id that it began with, whatever the vendor calls it by now. */
export function encodeReasoningDone(
  part: ReasoningPart,
  itemId: string,
  path: string,
  losses: Losses,
): JsonObject {
  const renamed = part.id !== (itemId.startsWith(ownPrefix) ? undefined : itemId);
  const proof = renamed || isForeign(part) ? carriedProof(part, itemId) : nativeProof(part, itemId);
  return { ...body(part, path, losses), ...proof };
}

/**
 * For a provider: only what it sealed itself can be said. Anything else it looks up by id and does not find, since
 * nothing is stored there; undefined, and a loss.
 */
export function encodeReasoningRequest(
  part: ReasoningPart,
  path: string,
  losses: Losses,
): JsonObject | undefined {
  if (part.signature?.origin !== self) {
    losses.add(path);
    return undefined;
  }
  if (part.redacted !== undefined) losses.add(`${path}.redacted`);
  return {
    ...body(part, path, losses),
    ...(part.id === undefined ? {} : { id: part.id }),
    encrypted_content: part.signature.value,
  };
}

import type { JsonObject } from "../../core/json.ts";
import type { ReasoningPart } from "../../core/part.ts";
import { type ReasoningPiece, unwrapSignature, wrapSignature } from "../foreign-signature.ts";
import type { Reader } from "../reader.ts";
import { origin } from "./origin.ts";

const parting = "\n\n";

/** `thinking`: text and signature, where the signature may carry the reasoning of another vendor. */
export function decodeThinking(reader: Reader): ReasoningPart {
  reader.take("type");
  const thinking = reader.optionalString("thinking") ?? "";
  const signature = reader.optionalString("signature") ?? "";
  const extra = reader.rest(origin);
  return {
    ...signedReasoning(thinking, signature),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** `redacted_thinking`: ciphertext alone. */
export function decodeRedacted(reader: Reader): ReasoningPart {
  reader.take("type");
  const data = reader.optionalString("data") ?? "";
  const extra = reader.rest(origin);
  const carried = unwrapSignature(data);
  return {
    type: "reasoning",
    ...(carried?.id === undefined ? {} : { id: carried.id }),
    ...(carried === undefined ? { signature: { origin, value: data } } : signatureOf(carried)),
    redacted: true,
    ...(extra === undefined ? {} : { extra }),
  };
}

/** What a finished thinking block says, given its text and its signature field. */
export function signedReasoning(thinking: string, signature: string): ReasoningPart {
  const carried = unwrapSignature(signature);
  if (carried === undefined) {
    return {
      type: "reasoning",
      ...(thinking === "" ? {} : { text: thinking }),
      ...(signature === "" ? {} : { signature: { origin, value: signature } }),
    };
  }
  return {
    type: "reasoning",
    ...(carried.id === undefined ? {} : { id: carried.id }),
    ...takeApart(thinking, carried.pieces),
    ...signatureOf(carried),
    ...(carried.redacted === undefined ? {} : { redacted: carried.redacted }),
  };
}

function signatureOf({ signature }: Pick<ReasoningPart, "signature">): Pick<ReasoningPart, "signature"> {
  return signature === undefined ? {} : { signature };
}

function takeApart(
  thinking: string,
  pieces: readonly ReasoningPiece[] | undefined,
): Pick<ReasoningPart, "text" | "summary"> {
  const whole = thinking === "" ? {} : { text: thinking };
  if (pieces === undefined) return whole;
  let text = "";
  const summary: string[] = [];
  let from = 0;
  for (const [kind, length] of pieces) {
    const piece = thinking.slice(from, from + length);
    if (kind === "text") text += piece;
    else summary.push(piece);
    from += length + parting.length;
  }
  // The client has changed the text: it can no longer be told what is what.
  if (from !== thinking.length + parting.length) return whole;
  return { ...(text === "" ? {} : { text }), ...(summary.length === 0 ? {} : { summary }) };
}

/** Gathers the pieces of one reasoning part in the order they come, as the text of one thinking block. */
export class ThinkingText {
  readonly #pieces: ["text" | "summary", number][] = [];
  #summary = -1;

  /** What to append to the block's text. A summary is told from the next by its index. */
  add(kind: "text" | "summary", text: string, summary = -1): string {
    const last = this.#pieces.at(-1);
    if (last !== undefined && last[0] === kind && this.#summary === summary) {
      last[1] += text.length;
      return text;
    }
    this.#summary = summary;
    this.#pieces.push([kind, text.length]);
    return last === undefined ? text : parting + text;
  }

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  /** The signature field of the finished block: Anthropic's own as it is, all else in our wrapping. */
  signature(part: Pick<ReasoningPart, "id" | "redacted" | "signature">): string {
    const onlyText = this.#pieces.every(([kind]) => kind === "text") && this.#pieces.length < 2;
    if (
      onlyText &&
      part.signature?.origin === origin &&
      part.id === undefined &&
      part.redacted === undefined
    ) {
      return part.signature.value;
    }
    return wrapSignature(part.signature, {
      ...(part.id === undefined ? {} : { id: part.id }),
      ...(part.redacted === undefined ? {} : { redacted: part.redacted }),
      ...(onlyText ? {} : { pieces: this.#pieces }),
    });
  }
}

/** The block that shows a client any vendor's reasoning, so that what it echoes next turn is the same reasoning again. */
export function shownReasoning(part: ReasoningPart): JsonObject {
  const hidden = part.redacted === true && part.text === undefined && part.summary === undefined;
  if (hidden) return { type: "redacted_thinking", data: redactedData(part) };
  const pieces = new ThinkingText();
  let thinking = part.text === undefined ? "" : pieces.add("text", part.text);
  for (const [index, summary] of (part.summary ?? []).entries())
    thinking += pieces.add("summary", summary, index);
  return { type: "thinking", thinking, signature: pieces.signature(part) };
}

/** The `data` of a redacted block. */
export function redactedData(part: Pick<ReasoningPart, "id" | "signature">): string {
  if (part.signature?.origin === origin && part.id === undefined) return part.signature.value;
  return wrapSignature(part.signature, part.id === undefined ? {} : { id: part.id });
}

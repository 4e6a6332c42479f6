import type { ChatDialectId } from "../core/extra.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import type { ReasoningSignature } from "../core/part.ts";

/** One piece of the block's text and its length in UTF-16 units; two pieces are parted by a blank line. */
export type ReasoningPiece = readonly ["text" | "summary", number];

/**
 * What a reasoning part has and a dialect's reasoning block has no field for. It travels inside the block's own
 * signature field, so that a client that echoes the block hands it back to us unread.
 */
export interface CarriedReasoning {
  /** Absent: the reasoning was never signed by anyone. */
  readonly signature?: ReasoningSignature;
  readonly id?: string;
  readonly redacted?: boolean;
  /** What the block's text is made of, in order, where it is more than the chain of thought. */
  readonly pieces?: readonly ReasoningPiece[];
}

const prefix = "entente:";
const origins: readonly ChatDialectId[] = ["openai-chat", "openai-responses", "anthropic-messages"];

/** `entente:` and base64url of JSON: letters, digits, `-`, `_` and one colon, as any signature field takes. */
export function wrapSignature(
  signature: ReasoningSignature | undefined,
  carried: Omit<CarriedReasoning, "signature"> = {},
): string {
  const json = JSON.stringify({
    ...(signature === undefined ? {} : { origin: signature.origin, value: signature.value }),
    ...(carried.id === undefined ? {} : { id: carried.id }),
    ...(carried.redacted === undefined ? {} : { redacted: carried.redacted }),
    ...(carried.pieces === undefined ? {} : { pieces: carried.pieces }),
  });
  return prefix + Buffer.from(json).toString("base64url");
}

/** Undefined where the value was not made by `wrapSignature`. Never throws: a client may have sent anything. */
export function unwrapSignature(value: string): CarriedReasoning | undefined {
  if (!value.startsWith(prefix)) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(value.slice(prefix.length), "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isJsonObject(data)) return undefined;
  const own = new Map<string, Json>(Object.entries(data));
  const origin = origins.find((id) => id === own.get("origin"));
  const proof = own.get("value");
  const id = own.get("id");
  const redacted = own.get("redacted");
  const pieces = own.get("pieces");
  if (own.has("origin") !== own.has("value")) return undefined;
  if (own.has("origin") && (origin === undefined || typeof proof !== "string")) return undefined;
  return {
    ...(origin === undefined || typeof proof !== "string" ? {} : { signature: { origin, value: proof } }),
    ...(typeof id === "string" ? { id } : {}),
    ...(typeof redacted === "boolean" ? { redacted } : {}),
    ...(arePieces(pieces) ? { pieces } : {}),
  };
}

function arePieces(value: unknown): value is ReasoningPiece[] {
  return Array.isArray(value) && value.every(isPiece);
}

function isPiece(value: unknown): value is ReasoningPiece {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [kind, length] = value as unknown[];
  return (kind === "text" || kind === "summary") && Number.isSafeInteger(length) && Number(length) >= 0;
}

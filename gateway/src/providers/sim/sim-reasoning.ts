import { createHash } from "node:crypto";
import type { ChatDialectId } from "../../core/extra.ts";
import type { ReasoningPart } from "../../core/part.ts";
import type { ChatRequest } from "../../core/request.ts";
import { loremText } from "./sim-text.ts";

/** A chain of thought with a signature that only its own text has. */
export function simReasoning(tokens: number, seed: number, origin: ChatDialectId, id: string): ReasoningPart {
  const text = loremText(tokens, seed + 1);
  return { type: "reasoning", id: `rs_${id}`, text, signature: { origin, value: signatureOf(text) } };
}

/** How many thoughts of earlier turns came back with their text and signature intact. */
export function recognisedReasoning(request: ChatRequest): number {
  let count = 0;
  for (const message of request.messages) {
    for (const part of message.parts) {
      if (part.type === "reasoning" && part.signature?.value === signatureOf(part.text ?? "")) count += 1;
    }
  }
  return count;
}

function signatureOf(text: string): string {
  return createHash("sha256").update("entente-sim").update(text).digest("base64");
}

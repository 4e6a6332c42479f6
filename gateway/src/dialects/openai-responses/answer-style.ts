import type { JsonObject } from "../../core/json.ts";
import type { ItemStyle } from "./assistant-encode.ts";
import { encodeReasoningAnswer, reasoningId } from "./reasoning.ts";

const self = "openai-responses";

/** Id of the `index`-th item of an answer: the same answer always gets the same ids. */
export function itemId(kind: "msg" | "fc" | "ctc", token: string, index: number): string {
  return `${kind}_${token}_${index}`;
}

/** How items look in an answer that is whole. */
export function answerStyle(token: string): ItemStyle {
  return {
    labels: (kind, index): JsonObject => ({ id: itemId(kind, token, index), status: "completed" }),
    reasoning: (part, index, path, losses) =>
      encodeReasoningAnswer(part, reasoningId(token, index), path, losses),
    vendor(part, path, losses) {
      if (part.origin === self) return part.value;
      losses.add(path);
      return undefined;
    },
  };
}

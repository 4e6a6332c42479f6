import type { JsonObject } from "./json.ts";

/** Wire languages for the chat operation. */
export type ChatDialectId = "openai-chat" | "openai-responses" | "anthropic-messages";

/**
 * Fields of a wire object for which the neutral form has no word, kept beside what was unified. They go back
 * when the object is encoded in the dialect it came from; in every other dialect each field is a loss.
 */
export interface Extra {
  readonly dialect: ChatDialectId;
  readonly fields: JsonObject;
}

/** The fields of both; the later one wins, also where they are of different dialects. */
export function mergeExtra(earlier: Extra | undefined, later: Extra | undefined): Extra | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  if (earlier.dialect !== later.dialect) return later;
  return { dialect: later.dialect, fields: { ...earlier.fields, ...later.fields } };
}

import type { Usage } from "../core/usage.ts";

/**
 * Bytes of UTF-8 that make a token, on average over English prose. How far off an estimate can be: English prose about 15 %
 * either way; source code and JSON up to 30 % too low; Chinese, Japanese and Korean up to half too low; input that carries base64
 * media or whitespace far too high. It is a last resort, marked as such in every row.
 */
const bytesPerToken = 4;

export interface Estimate {
  readonly usage: Usage;
  readonly method: "relayed-bytes" | "intent-bytes";
}

const tokens = (bytes: number) => Math.ceil(bytes / bytesPerToken);

/** For a call whose vendor did not report usage: from the request's body and the text the model wrote, in bytes. */
export function estimateUsage(bytes: {
  readonly inputBytes: number;
  readonly outputBytes: number;
}): Estimate {
  return {
    usage: { inputTokens: tokens(bytes.inputBytes), outputTokens: tokens(bytes.outputBytes) },
    method: "relayed-bytes",
  };
}

/** For a call of which only its intent is left: the input from its size; what came back is unknown. */
export function estimateFromIntent(inputBytes: number): Estimate {
  return { usage: { inputTokens: tokens(inputBytes) }, method: "intent-bytes" };
}

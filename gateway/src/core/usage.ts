import { type Extra, mergeExtra } from "./extra.ts";

/**
 * What a call used, in tokens. Undefined is unknown, never 0. `input` and `output` are totals: the cached and the
 * reasoning counts are shares of them (Anthropic's `input_tokens` leaves cached tokens out; its dialect adds them).
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Share of the input that was read from the provider's prompt cache. */
  readonly cacheReadTokens?: number;
  /** Share of the input written to the prompt cache, at whatever time to live. */
  readonly cacheWriteTokens?: number;
  /** Share of `cacheWriteTokens` with a time to live of one hour, where the vendor says. */
  readonly cacheWriteLongTokens?: number;
  /** Share of the output that was reasoning. */
  readonly reasoningTokens?: number;
  readonly audioInputTokens?: number;
  readonly audioOutputTokens?: number;
  readonly extra?: Extra;
}

/** Two reports on one call; what the later one knows wins. */
export function mergeUsage(earlier: Usage | undefined, later: Usage | undefined): Usage | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  const extra = mergeExtra(earlier.extra, later.extra);
  return { ...earlier, ...later, ...(extra === undefined ? {} : { extra }) };
}

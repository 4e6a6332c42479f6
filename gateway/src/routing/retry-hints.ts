/** What a provider says about trying again. */
export interface RetryHints {
  /** Milliseconds, at least 0. */
  readonly retryAfter?: number;
  /** OpenAI's and Anthropic's `x-should-retry`: whether the same request may succeed. */
  readonly shouldRetry?: boolean;
}

/** A provider that asks for longer than a day is misunderstood: its word is dropped. */
const longest = 86_400_000;

/**
 * Reads `retry-after-ms` (OpenAI, Azure), `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3) and `x-should-retry`.
 * Header names lower case; `now` in Unix milliseconds. Values that make no sense are as good as absent.
 */
export function readRetryHints(headers: Readonly<Record<string, string>>, now: number): RetryHints {
  const retryAfter =
    milliseconds(headers["retry-after-ms"], 1) ??
    milliseconds(headers["retry-after"], 1000) ??
    untilDate(headers["retry-after"], now);
  const word = headers["x-should-retry"];
  return {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(word === "true" ? { shouldRetry: true } : word === "false" ? { shouldRetry: false } : {}),
  };
}

function milliseconds(text: string | undefined, factor: number): number | undefined {
  if (text === undefined || !/^\s*\d{1,12}(?:\.\d{1,9})?\s*$/.test(text)) return undefined;
  const value = Number(text) * factor;
  return value <= longest ? value : undefined;
}

function untilDate(text: string | undefined, now: number): number | undefined {
  // Every form of an HTTP date begins with the name of a day; Date.parse alone would take "5.5.5" too.
  if (text === undefined || text.length > 64 || !/^\s*[A-Z][a-z]{2}/.test(text)) return undefined;
  const wait = Date.parse(text) - now;
  return Number.isFinite(wait) && wait <= longest ? Math.max(0, wait) : undefined;
}

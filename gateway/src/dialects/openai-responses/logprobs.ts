import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { TokenLogprob } from "../../core/part.ts";
import type { Reader } from "../reader.ts";

/** The wire requires `bytes` and `top_logprobs`: an empty array stands for what is not known. */
function decodeLogprob(entry: Reader): TokenLogprob | undefined {
  const token = entry.optionalString("token");
  const logprob = entry.optionalNumber("logprob");
  if (token === undefined || logprob === undefined) return undefined;
  const bytes = (entry.optionalArray("bytes") ?? []).filter((byte) => typeof byte === "number");
  const top = decodeLogprobs(entry.optionalItems("top_logprobs"));
  return {
    token,
    logprob,
    ...(bytes.length === 0 ? {} : { bytes }),
    ...(top === undefined ? {} : { top }),
  };
}

/** Undefined where there are none. */
export function decodeLogprobs(entries: readonly Reader[] | undefined): TokenLogprob[] | undefined {
  if (entries === undefined || entries.length === 0) return undefined;
  const logprobs: TokenLogprob[] = [];
  for (const entry of entries) {
    const logprob = decodeLogprob(entry);
    if (logprob !== undefined) logprobs.push(logprob);
  }
  return logprobs.length === 0 ? undefined : logprobs;
}

function encodeLogprob(entry: TokenLogprob): JsonObject {
  return { token: entry.token, logprob: entry.logprob, bytes: [...(entry.bytes ?? [])] };
}

/** @param from how many of the part's went before. */
export function encodeLogprobs(
  logprobs: readonly TokenLogprob[] | undefined,
  path: string,
  losses: Losses,
  from = 0,
): Json[] {
  if (logprobs === undefined) return [];
  if (logprobs.length === 0) losses.add(`${path}.logprobs`);
  return logprobs.map((entry, index) => {
    const lost =
      entry.bytes?.length === 0 ||
      entry.top?.length === 0 ||
      entry.top?.some((top) => top.top !== undefined || top.bytes?.length === 0);
    if (lost === true) losses.add(`${path}.logprobs[${from + index}]`);
    return { ...encodeLogprob(entry), top_logprobs: (entry.top ?? []).map(encodeLogprob) };
  });
}

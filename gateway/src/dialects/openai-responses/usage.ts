import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Usage } from "../../core/usage.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";

const self = "openai-responses";

/** The wire requires every share: 0 stands for one that is not known, and is the same for its price. */
function share(details: Reader | undefined, key: string): number | undefined {
  const tokens = details?.optionalInteger(key);
  return tokens === 0 ? undefined : tokens;
}

/** Undefined where the report holds no number at all. */
export function decodeUsage(usage: Reader): Usage | undefined {
  const inputTokens = usage.optionalInteger("input_tokens");
  const outputTokens = usage.optionalInteger("output_tokens");
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  usage.take("total_tokens");
  const input = usage.optionalObject("input_tokens_details");
  const output = usage.optionalObject("output_tokens_details");
  const cacheReadTokens = share(input, "cached_tokens");
  const cacheWriteTokens = share(input, "cache_write_tokens");
  const reasoningTokens = share(output, "reasoning_tokens");
  const extra = usage.rest(self);
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Undefined where a total is not known: the wire has no word for that but leaving the report out. */
export function encodeUsage(usage: Usage, losses: Losses): JsonObject | undefined {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) {
    losses.add("usage");
    return undefined;
  }
  for (const field of ["cacheWriteLongTokens", "audioInputTokens", "audioOutputTokens"] as const)
    if (usage[field] !== undefined) losses.add(`usage.${field}`);
  return {
    ...extraFields(usage.extra, self, losses, "usage."),
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? 0,
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: inputTokens + outputTokens,
  };
}

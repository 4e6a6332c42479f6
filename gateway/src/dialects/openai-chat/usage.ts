import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Usage } from "../../core/usage.ts";
import { extraFields } from "../extra.ts";
import { Reader } from "../reader.ts";
import { id } from "./id.ts";

/**
 * `usage` of an answer or a chunk. Some vendors (xAI, Gemini's compatible endpoint) leave the reasoning out of
 * `completion_tokens` though they bill it as output; `total_tokens` then is larger than the sum and tells.
 */
export function decodeUsage(usage: Reader): Usage {
  const input = usage.optionalInteger("prompt_tokens");
  const completion = usage.optionalInteger("completion_tokens");
  const total = usage.optionalInteger("total_tokens");
  const inputDetails = usage.optionalObject("prompt_tokens_details");
  const outputDetails = usage.optionalObject("completion_tokens_details");
  const hidden =
    input === undefined || completion === undefined || total === undefined
      ? 0
      : Math.max(0, total - input - completion);
  const output = completion === undefined ? undefined : completion + hidden;
  // DeepSeek and Moonshot have names of their own for the cached share.
  const cacheRead =
    inputDetails?.optionalInteger("cached_tokens") ??
    usage.optionalInteger("prompt_cache_hit_tokens") ??
    usage.optionalInteger("cached_tokens");
  const cacheWrite = inputDetails?.optionalInteger("cache_write_tokens");
  const audioInput = inputDetails?.optionalInteger("audio_tokens");
  const reasoning = outputDetails?.optionalInteger("reasoning_tokens") ?? (hidden > 0 ? hidden : undefined);
  const audioOutput = outputDetails?.optionalInteger("audio_tokens");
  const inputRest = inputDetails?.rest(id)?.fields;
  const outputRest = outputDetails?.rest(id)?.fields;
  const fields: JsonObject = {
    ...usage.rest(id)?.fields,
    ...(inputRest === undefined ? {} : { prompt_tokens_details: inputRest }),
    ...(outputRest === undefined ? {} : { completion_tokens_details: outputRest }),
  };
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(cacheRead === undefined ? {} : { cacheReadTokens: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWriteTokens: cacheWrite }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
    ...(audioInput === undefined ? {} : { audioInputTokens: audioInput }),
    ...(audioOutput === undefined ? {} : { audioOutputTokens: audioOutput }),
    ...(Object.keys(fields).length === 0 ? {} : { extra: { dialect: id, fields } }),
  };
}

/** Usage in the JSON of a frame or a whole answer: its own, or Groq's `x_groq.usage`. */
export function findUsage(data: JsonObject): Usage | undefined {
  const own = Object.hasOwn(data, "usage") ? data["usage"] : undefined;
  if (isJsonObject(own)) return decodeUsage(Reader.answer(own, "usage"));
  const groq = Object.hasOwn(data, "x_groq") ? data["x_groq"] : undefined;
  if (!isJsonObject(groq) || !Object.hasOwn(groq, "usage") || !isJsonObject(groq["usage"])) return undefined;
  return decodeUsage(Reader.answer(groq["usage"], "x_groq.usage"));
}

function inner(fields: JsonObject | undefined, key: string): JsonObject {
  const value = fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isJsonObject(value) ? value : {};
}

/** Undefined where a total is not known: the wire has no word for that, and 0 would be a lie. */
export function encodeUsage(usage: Usage, losses: Losses): JsonObject | undefined {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) {
    losses.add("usage");
    return undefined;
  }
  if (usage.cacheWriteLongTokens !== undefined) losses.add("usage.cacheWriteLongTokens");
  const extra = extraFields(usage.extra, id, losses, "usage.");
  const inputDetails: JsonObject = {
    ...inner(extra, "prompt_tokens_details"),
    ...(usage.cacheReadTokens === undefined ? {} : { cached_tokens: usage.cacheReadTokens }),
    ...(usage.cacheWriteTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteTokens }),
    ...(usage.audioInputTokens === undefined ? {} : { audio_tokens: usage.audioInputTokens }),
  };
  const outputDetails: JsonObject = {
    ...inner(extra, "completion_tokens_details"),
    ...(usage.reasoningTokens === undefined ? {} : { reasoning_tokens: usage.reasoningTokens }),
    ...(usage.audioOutputTokens === undefined ? {} : { audio_tokens: usage.audioOutputTokens }),
  };
  return {
    ...extra,
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(Object.keys(inputDetails).length === 0 ? {} : { prompt_tokens_details: inputDetails }),
    ...(Object.keys(outputDetails).length === 0 ? {} : { completion_tokens_details: outputDetails }),
  };
}

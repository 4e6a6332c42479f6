import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Usage } from "../../core/usage.ts";
import { extraFields } from "../extra.ts";
import { Reader } from "../reader.ts";
import { origin } from "./origin.ts";

export interface DecodedUsage {
  readonly usage?: Usage;
  readonly serviceTier?: string;
}

/**
 * The two totals are required numbers on the wire, so that an answer of which nothing is known has to say 0 for both.
 * What we write then, and no vendor does, is a null beside them: a 0 that a vendor reports stays a 0.
 */
export function isUnknown(usage: JsonObject): boolean {
  return (
    (usage["input_tokens"] ?? 0) === 0 &&
    (usage["output_tokens"] ?? 0) === 0 &&
    usage["cache_read_input_tokens"] === null &&
    (usage["cache_creation_input_tokens"] ?? 0) === 0
  );
}

/** Anthropic counts cached input beside `input_tokens`; the neutral total includes it. */
export function decodeUsage(body: JsonObject | undefined): DecodedUsage {
  if (body === undefined) return {};
  const reader = Reader.answer(body);
  const input = count(reader, "input_tokens");
  const output = count(reader, "output_tokens");
  const created = reader.optionalObject("cache_creation");
  const short = count(created, "ephemeral_5m_input_tokens");
  const long = count(created, "ephemeral_1h_input_tokens");
  const read = count(reader, "cache_read_input_tokens");
  const written =
    count(reader, "cache_creation_input_tokens") ??
    (short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0));
  const reasoning = count(reader.optionalObject("output_tokens_details"), "thinking_tokens");
  const serviceTier = reader.optionalString("service_tier");
  const extra = reader.rest(origin);
  const unknown = isUnknown(body);
  const usage: Usage = {
    ...(unknown || input === undefined ? {} : { inputTokens: input + (read ?? 0) + (written ?? 0) }),
    ...(unknown || output === undefined ? {} : { outputTokens: output }),
    ...(read === undefined ? {} : { cacheReadTokens: read }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
    ...(long === undefined ? {} : { cacheWriteLongTokens: long }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
    ...(extra === undefined ? {} : { extra }),
  };
  return {
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
}

/** A number of tokens is never below zero, whatever a vendor says. */
function count(reader: Reader | undefined, key: string): number | undefined {
  const tokens = reader?.optionalInteger(key);
  return tokens === undefined || tokens < 0 ? undefined : tokens;
}

/** The usage object of a message: every field that the API's own type requires, null where it may be unknown. */
export function encodeUsage(usage: Usage = {}, serviceTier: string | undefined, losses: Losses): JsonObject {
  for (const field of ["audioInputTokens", "audioOutputTokens"] as const) {
    if (usage[field] !== undefined) losses.add(`usage.${field}`);
  }
  const { cacheReadTokens: read, cacheWriteTokens: written, cacheWriteLongTokens: long } = usage;
  const { inputTokens: input, outputTokens: output, reasoningTokens: reasoning } = usage;
  return {
    inference_geo: null,
    server_tool_use: null,
    ...extraFields(usage.extra, origin, losses, "usage."),
    input_tokens: input === undefined ? 0 : Math.max(0, input - (read ?? 0) - (written ?? 0)),
    cache_creation_input_tokens: written ?? null,
    ...(read === undefined && input === 0 && output === 0 ? {} : { cache_read_input_tokens: read ?? null }),
    cache_creation:
      long === undefined
        ? null
        : {
            ephemeral_5m_input_tokens: Math.max(0, (written ?? long) - long),
            ephemeral_1h_input_tokens: long,
          },
    output_tokens: output ?? 0,
    output_tokens_details: reasoning === undefined ? null : { thinking_tokens: reasoning },
    service_tier: serviceTier ?? null,
  };
}

/** Where one of the two required totals is unknown, its 0 is not true. */
export function loseHalfUsage(usage: Usage | undefined, losses: Losses): void {
  if ((usage?.inputTokens === undefined) !== (usage?.outputTokens === undefined)) losses.add("usage");
}

/** The usage of a frame or of a whole answer; undefined where it has none. */
export function usageIn(data: JsonObject): Usage | undefined {
  const message = data["message"];
  if (data["type"] === "message_start")
    return isJsonObject(message) ? decodeUsage(begunUsage(message)).usage : undefined;
  const usage = data["usage"];
  return isJsonObject(usage) ? decodeUsage(usage).usage : undefined;
}

/**
 * What `message_start` knows, as the wire has it. Its count of the output only began, and 0 for the input is not known
 * yet; except where the whole message is in it.
 */
export function begunUsage(message: JsonObject): JsonObject | undefined {
  const usage = message["usage"];
  if (!isJsonObject(usage)) return undefined;
  if (typeof message["stop_reason"] === "string") return usage;
  const { output_tokens: _, input_tokens: input, ...begun } = usage;
  const cached = ["cache_read_input_tokens", "cache_creation_input_tokens"].some(
    (key) => Number(begun[key]) > 0,
  );
  return input === undefined || (input === 0 && !cached) ? begun : { ...begun, input_tokens: input };
}

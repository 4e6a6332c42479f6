import type { Json, JsonObject } from "../../core/json.ts";
import type { TokenLogprob } from "../../core/part.ts";
import type { Reader } from "../reader.ts";

function one(reader: Reader): TokenLogprob {
  const bytes = reader.optionalArray("bytes")?.filter((byte) => typeof byte === "number");
  return {
    token: reader.optionalString("token") ?? "",
    logprob: reader.optionalNumber("logprob") ?? 0,
    ...(bytes === undefined ? {} : { bytes }),
  };
}

/** `content` or `refusal` of a choice's `logprobs`; undefined where there are none. */
export function decodeLogprobs(
  logprobs: Reader | undefined,
  key: "content" | "refusal",
): readonly TokenLogprob[] | undefined {
  const items = logprobs?.optionalItems(key);
  if (items === undefined || items.length === 0) return undefined;
  return items.map((item) => {
    const top = (item.optionalItems("top_logprobs") ?? []).map(one);
    return top.length === 0 ? one(item) : { ...one(item), top };
  });
}

function encoded(logprob: TokenLogprob): JsonObject {
  return {
    token: logprob.token,
    logprob: logprob.logprob,
    bytes: logprob.bytes === undefined ? null : [...logprob.bytes],
  };
}

/** The `logprobs` of a choice; both its fields are required. */
export function encodeLogprobs(
  content: readonly TokenLogprob[],
  refusal: readonly TokenLogprob[],
): JsonObject | null {
  if (content.length === 0 && refusal.length === 0) return null;
  const list = (logprobs: readonly TokenLogprob[]): Json =>
    logprobs.length === 0
      ? null
      : logprobs.map((logprob) => ({
          ...encoded(logprob),
          top_logprobs: (logprob.top ?? []).map(encoded),
        }));
  return { content: list(content), refusal: list(refusal) };
}

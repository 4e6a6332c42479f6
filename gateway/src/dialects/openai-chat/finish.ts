import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Part } from "../../core/part.ts";
import type { Finish } from "../../core/response.ts";
import type { Reader } from "../reader.ts";

export function hasRefusal(parts: readonly Part[]): boolean {
  return parts.some(({ type }) => type === "refusal");
}

/**
 * `finish_reason` of a choice; undefined where it has none yet. vLLM and others tell in `stop_reason` beside it
 * which stop sequence was met. A model that refuses ends with `stop`: only the message's `refusal` tells.
 *
 * @param refused whether the message has a refusal
 */
export function decodeFinish(choice: Reader, refused: boolean): Finish | undefined {
  const word = choice.optionalString("finish_reason") ?? "";
  switch (word) {
    case "":
      return undefined;
    case "stop": {
      const stopSequence = choice.optionalString("stop_reason");
      if (stopSequence !== undefined) return { reason: "stop_sequence", stopSequence };
      return { reason: refused ? "refusal" : "stop" };
    }
    case "length":
    case "tool_calls":
    case "content_filter":
      return { reason: word };
    case "function_call":
      return { reason: "tool_calls" };
    default:
      return { reason: "other", raw: word };
  }
}

/**
 * `finish_reason`, and `stop_reason` where a stop sequence is known. OpenAI's SDK gives a refusal to its reader only
 * where the reason is `stop`; at `content_filter` its parse helper throws.
 *
 * @param refused whether the message has a refusal
 */
export function encodeFinish(finish: Finish, refused: boolean, losses: Losses, path: string): JsonObject {
  const said = (word: Json): JsonObject => ({ finish_reason: word });
  const nearest = (word: Json): JsonObject => {
    losses.add(`${path}.reason`);
    return said(word);
  };
  switch (finish.reason) {
    case "stop":
      return refused ? nearest("stop") : said("stop");
    case "length":
    case "tool_calls":
    case "content_filter":
      return said(finish.reason);
    case "stop_sequence":
      return finish.stopSequence === undefined
        ? nearest("stop")
        : { finish_reason: "stop", stop_reason: finish.stopSequence };
    case "context_window":
      return nearest("length");
    case "refusal":
      return refused ? said("stop") : nearest("content_filter");
    case "pause":
      return nearest("stop");
    case "other":
      return finish.raw === undefined ? nearest("stop") : said(finish.raw);
    default:
      return nearest("stop");
  }
}

import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Part } from "../../core/part.ts";
import type { Finish } from "../../core/response.ts";
import type { Reader } from "../reader.ts";

/** What the parts of an answer say of why it ended. */
export interface PartKinds {
  readonly calls: boolean;
  readonly refusal: boolean;
}

export function kindsOf(parts: readonly Part[]): PartKinds {
  return {
    calls: parts.some((part) => part.type === "tool_call"),
    refusal: parts.some((part) => part.type === "refusal"),
  };
}

function completed(kinds: PartKinds): Finish {
  if (kinds.calls) return { reason: "tool_calls" };
  return { reason: kinds.refusal ? "refusal" : "stop" };
}

/** The wire tells only whether an answer is complete; a complete one's reason is read from what it holds. */
export function decodeFinish(response: Reader, kinds: PartKinds): Finish {
  const details = response.optionalObject("incomplete_details");
  const status = response.optionalString("status");
  if (status !== "incomplete" && details === undefined) return completed(kinds);
  const reason = details?.optionalString("reason");
  if (reason === "max_output_tokens" || reason === "max_tokens") return { reason: "length" };
  if (reason === "content_filter") return { reason: "content_filter" };
  return { reason: "other", ...(reason === undefined ? {} : { raw: reason }) };
}

/** `status` and `incomplete_details`. */
export function encodeFinish(finish: Finish, kinds: PartKinds, losses: Losses, path: string): JsonObject {
  if (finish.stopSequence !== undefined) losses.add(`${path}.stopSequence`);
  if (finish.raw !== undefined) losses.add(`${path}.raw`);
  switch (finish.reason) {
    case "length":
      return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    case "context_window":
      losses.add(`${path}.reason`);
      return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    case "content_filter":
      return { status: "incomplete", incomplete_details: { reason: "content_filter" } };
    default:
      if (finish.reason !== completed(kinds).reason) losses.add(`${path}.reason`);
      return { status: "completed", incomplete_details: null };
  }
}

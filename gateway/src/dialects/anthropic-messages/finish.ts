import type { Losses } from "../../core/loss.ts";
import type { Finish } from "../../core/response.ts";

const words = new Map<string, Finish["reason"]>([
  ["end_turn", "stop"],
  ["stop_sequence", "stop_sequence"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "context_window"],
  ["tool_use", "tool_calls"],
  ["refusal", "refusal"],
  ["pause_turn", "pause"],
]);
const stopReasons = new Map([...words].map(([word, reason]) => [reason, word]));

/** @param calledTools tells why the model stopped where the vendor does not. */
export function decodeFinish(
  stopReason: string | undefined,
  stopSequence: string | undefined,
  calledTools: boolean,
): Finish {
  if (stopReason === undefined || stopReason === "") return { reason: calledTools ? "tool_calls" : "stop" };
  const reason = words.get(stopReason);
  if (reason === undefined) return { reason: "other", raw: stopReason };
  return { reason, ...(stopSequence === undefined ? {} : { stopSequence }) };
}

export interface WireFinish {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
}

/** @param refused the answer holds a refusal, for which Anthropic has no block but a stop reason. */
export function encodeFinish(finish: Finish, refused: boolean, losses: Losses, path: string): WireFinish {
  const { reason, raw, stopSequence } = finish;
  const stop = { stop_sequence: stopSequence ?? null };
  if (refused && reason === "stop") return { stop_reason: "refusal", ...stop };
  if (reason === "content_filter") {
    losses.add(`${path}.finish.reason`);
    return { stop_reason: "refusal", ...stop };
  }
  if (reason === "other") {
    if (stopSequence !== undefined) losses.add(`${path}.finish.stopSequence`);
    if (raw !== undefined && raw !== "" && !words.has(raw)) return { stop_reason: raw, stop_sequence: null };
    losses.add(`${path}.finish.reason`);
    return { stop_reason: "end_turn", stop_sequence: null };
  }
  if (raw !== undefined) losses.add(`${path}.finish.raw`);
  return { stop_reason: stopReasons.get(reason) ?? "end_turn", ...stop };
}

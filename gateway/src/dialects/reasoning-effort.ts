import type { ReasoningRequest } from "../core/request.ts";

/** For a dialect that knows effort alone: what was asked for, or the nearest to a budget in tokens. */
export function nearestEffort({ effort, budgetTokens }: ReasoningRequest): ReasoningRequest["effort"] {
  if (effort !== undefined || budgetTokens === undefined) return effort;
  if (budgetTokens <= 2048) return "low";
  return budgetTokens <= 8192 ? "medium" : "high";
}

import { type ErrorCode, errors } from "../core/errors.ts";
import { type BackoffPolicy, backoffDelay, defaultBackoffPolicy } from "./backoff.ts";
import type { RetryHints } from "./retry-hints.ts";

/** An attempt that failed before its first event reached the client. */
export interface Setback {
  readonly code: ErrorCode;
  readonly hints: RetryHints;
}

/** Where the call stands after it. */
export interface Standing {
  /** Attempts made so far, at least 1. */
  readonly attempt: number;
  /** Most attempts of the route. */
  readonly attempts: number;
  /** Whether a channel is left that was not tried. */
  readonly othersLeft: boolean;
  /** Whether the retry budget allows one more. */
  readonly budget: boolean;
  /** Milliseconds until the call's total deadline. */
  readonly remaining: number;
}

export type Decision =
  /** The next channel, at once. */
  | { readonly action: "next" }
  /** The same channel again after `delay` milliseconds. */
  | { readonly action: "again"; readonly delay: number }
  | { readonly action: "give_up"; readonly reason: GiveUpReason };

/** `final`: trying again cannot help; `attempts`, `budget`, `deadline`: there is nothing left of it; `wait`: the provider asks for too long a wait. */
export type GiveUpReason = "final" | "attempts" | "budget" | "deadline" | "wait";

/** The next channel may succeed where this one cannot, but this one will fail again. */
const hopelessHere: ReadonlySet<ErrorCode> = new Set([
  "provider_credentials",
  "provider_quota",
  "provider_model_missing",
]);

/** What to do after a failed attempt. Pure: the caller waits, spends the budget and tries. */
export function decideRetry(
  { code, hints }: Setback,
  standing: Standing,
  random: () => number,
  policy: BackoffPolicy = defaultBackoffPolicy,
): Decision {
  // OpenAI asks for a retry of some refusals that look final (409 while a lock is held) by header alone.
  const asked = code === "provider_rejected" && hints.shouldRetry === true;
  if (!asked && !isProvidersRetryable(code)) return giveUp("final");
  if (standing.attempt >= standing.attempts) return giveUp("attempts");
  if (standing.remaining <= 0) return giveUp("deadline");
  const repeatable = !hopelessHere.has(code) && hints.shouldRetry !== false;
  const next = standing.othersLeft && !asked;
  if (!next && !repeatable) return giveUp("final");
  if (!standing.budget) return giveUp("budget");
  if (next) return { action: "next" };
  if (hints.retryAfter !== undefined && hints.retryAfter > policy.longestRetryAfter) return giveUp("wait");
  const delay = backoffDelay(standing.attempt, hints.retryAfter, random, policy);
  return delay < standing.remaining ? { action: "again", delay } : giveUp("deadline");
}

function giveUp(reason: GiveUpReason): Decision {
  return { action: "give_up", reason };
}

function isProvidersRetryable(code: ErrorCode): boolean {
  const { owner, retryable } = errors[code];
  return owner === "provider" && retryable;
}

import type { ChatDialectId } from "./extra.ts";
import type { CostLine } from "./money.ts";
import type { Usage } from "./usage.ts";

/**
 * Written down before a call goes to a provider, so that a crash cannot lose the call. The last intent of an id
 * counts: each fallback writes one more.
 */
export interface Intent {
  /** Settlement id: one per call, whatever number of attempts. */
  readonly id: string;
  readonly at: number;
  readonly keyId: string;
  readonly project: string;
  readonly model: string;
  readonly channel: string;
  readonly provider: string;
  readonly dialect: ChatDialectId;
  readonly stream: boolean;
  /** Size of the request's body in bytes: the base of an estimate. */
  readonly inputBytes: number;
}

export type Outcome = "success" | "failed" | "cancelled" | "broken" | "timeout" | "shutdown" | "crashed";

/** What a call really was, posted once. Times in Unix milliseconds, durations in milliseconds. */
export interface Settlement extends Intent {
  readonly outcome: Outcome;
  readonly endedAt: number;
  readonly firstEventAfter?: number | undefined;
  readonly attempts: number;
  /** Error code of the table where the outcome is not success. */
  readonly error?: string | undefined;
  /** Undefined where nothing reached a provider. */
  readonly usage?: Usage | undefined;
  readonly usageSource: "reported" | "estimated" | "none";
  /** How an estimate was made: `relayed-bytes`, `intent-bytes`. */
  readonly estimateMethod?: string | undefined;
  readonly cost: readonly CostLine[];
  /** True where the price in force was `free`. */
  readonly free: boolean;
}

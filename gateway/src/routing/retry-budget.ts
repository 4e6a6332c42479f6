import { SlidingCounts } from "./sliding-counts.ts";

export interface RetryBudgetPolicy {
  /** Most extra attempts as a share of the calls in the window; 0 allows none at all. */
  readonly ratio: number;
  /** Extra attempts that every window may have, so that the first failure after a quiet hour is retried. */
  readonly floor: number;
  /** Milliseconds. */
  readonly window: number;
}

export const defaultRetryBudgetPolicy: RetryBudgetPolicy = { ratio: 0.2, floor: 10, window: 10_000 };

/**
 * Bounds what retries and fallbacks add to the load: over a window, at most `floor` plus `ratio` of its calls. Without it, an
 * outage multiplies its own traffic.
 */
export class RetryBudget {
  readonly #policy: RetryBudgetPolicy;
  /** First: calls. Second: extra attempts. */
  readonly #counts: SlidingCounts;

  constructor(policy: RetryBudgetPolicy = defaultRetryBudgetPolicy) {
    this.#policy = policy;
    this.#counts = new SlidingCounts(policy.window);
  }

  /** A call begins; its first attempt is not an extra one. `now` in Unix milliseconds. */
  callStarted(now: number): void {
    this.#counts.addFirst(now);
  }

  /** Whether one more extra attempt fits. */
  allows(now: number): boolean {
    const { floor, ratio } = this.#policy;
    return ratio > 0 && this.#counts.second(now) + 1 <= floor + ratio * this.#counts.first(now);
  }

  /** An extra attempt is made. */
  spend(now: number): void {
    this.#counts.addSecond(now);
  }
}

import { SlidingCounts } from "./sliding-counts.ts";

/** Times in milliseconds. */
export interface BreakerPolicy {
  /** Failures are weighed over this time. */
  readonly window: number;
  /** Below this many calls in the window the rate says nothing. */
  readonly minimumCalls: number;
  /** Share of failures in the window, 0 to 1, from which it opens. */
  readonly failureRate: number;
  /** This many failures in a row open it, whatever the rate. */
  readonly consecutiveFailures: number;
  /** Length of the first opening; each one that follows without a recovery is twice as long. */
  readonly openFor: number;
  readonly longestOpen: number;
  /** Most calls at once while half-open. */
  readonly probes: number;
  /** Successful probes that close it. */
  readonly probesToClose: number;
}

export const defaultBreakerPolicy: BreakerPolicy = {
  window: 30_000,
  minimumCalls: 20,
  failureRate: 0.5,
  consecutiveFailures: 5,
  openFor: 2_000,
  longestOpen: 15_000,
  probes: 1,
  probesToClose: 2,
};

export type BreakerState = "closed" | "open" | "half_open";

/**
 * A pass through the breaker: the outcome must be told for it. One given before the breaker changed its state no
 * longer counts, so that the stragglers of an outage cannot end or prolong what came after.
 */
export interface Pass {
  readonly era: number;
  readonly probe: boolean;
}

/** A circuit breaker for one channel. Time is told to it (Unix milliseconds), never asked for. */
export class Breaker {
  readonly #policy: BreakerPolicy;
  readonly #random: () => number;
  /** First: successes. Second: failures. */
  readonly #window: SlidingCounts;
  #state: BreakerState = "closed";
  #era = 0;
  #consecutive = 0;
  #openings = 0;
  #openUntil = 0;
  #probing = 0;
  #probesPassed = 0;

  constructor(policy: BreakerPolicy, random: () => number) {
    this.#policy = policy;
    this.#random = random;
    this.#window = new SlidingCounts(policy.window);
  }

  state(now: number): BreakerState {
    if (this.#state === "open" && now >= this.#openUntil) {
      this.#enter("half_open");
      this.#probesPassed = 0;
    }
    return this.#state;
  }

  /** Unix milliseconds from which it is half-open; undefined unless it is open. */
  openUntil(now: number): number | undefined {
    return this.state(now) === "open" ? this.#openUntil : undefined;
  }

  /** Failures and calls in the window. */
  counts(now: number): { readonly failures: number; readonly calls: number } {
    const failures = this.#window.second(now);
    return { failures, calls: failures + this.#window.first(now) };
  }

  /** Undefined where the call may not go out. */
  enter(now: number): Pass | undefined {
    const state = this.state(now);
    if (state === "closed") return { era: this.#era, probe: false };
    if (state === "open" || this.#probing >= this.#policy.probes) return undefined;
    this.#probing += 1;
    return { era: this.#era, probe: true };
  }

  succeeded(pass: Pass, now: number): void {
    if (pass.era !== this.#era) return;
    this.#window.addFirst(now);
    this.#consecutive = 0;
    if (this.#state !== "half_open") return;
    this.#probing -= 1;
    this.#probesPassed += 1;
    if (this.#probesPassed < this.#policy.probesToClose) return;
    this.#enter("closed");
    this.#openings = 0;
    this.#window.clear();
  }

  failed(pass: Pass, now: number): void {
    if (pass.era !== this.#era) return;
    this.#window.addSecond(now);
    this.#consecutive += 1;
    if (this.#state === "half_open" || this.#tooMany(now)) this.#open(now);
  }

  /** The outcome says nothing about the channel. */
  abstained(pass: Pass): void {
    if (pass.era === this.#era && pass.probe) this.#probing -= 1;
  }

  /** Opens at once, for a failure that the next call would meet too. */
  trip(pass: Pass, now: number): void {
    if (pass.era !== this.#era) return;
    this.#window.addSecond(now);
    this.#open(now);
  }

  #tooMany(now: number): boolean {
    if (this.#consecutive >= this.#policy.consecutiveFailures) return true;
    const { calls, failures } = this.counts(now);
    return calls >= this.#policy.minimumCalls && failures >= calls * this.#policy.failureRate;
  }

  #open(now: number): void {
    this.#enter("open");
    // The power is bounded so that a long outage cannot reach Infinity.
    const length = this.#policy.openFor * 2 ** Math.min(this.#openings, 30);
    // Half of it is jitter, so that nodes do not probe together.
    this.#openUntil = now + Math.min(length, this.#policy.longestOpen) * (0.5 + this.#random() / 2);
    this.#openings += 1;
  }

  #enter(state: BreakerState): void {
    this.#state = state;
    this.#era += 1;
    this.#probing = 0;
    this.#consecutive = 0;
  }
}

import type { Channel } from "../core/channel.ts";
import { Fault } from "../core/fault.ts";
import type { HealthBook, Refusal } from "./health.ts";
import { Lease } from "./lease.ts";

/**
 * One call's way through its candidates: each is tried at most once, those that take no call now are passed over and remembered. A channel passed
 * over is no attempt.
 */
export class CandidateWalk {
  readonly refusals: Refusal[] = [];
  readonly #candidates: readonly Channel[];
  readonly #health: HealthBook;
  readonly #judged: boolean;
  #position = 0;

  /**
   * @param judged False for a call that brings settings of its own for the channel (a suffix, `?error=503`): what comes
   * of it is the caller's wish and says nothing about the channel.
   */
  constructor(candidates: readonly Channel[], health: HealthBook, judged = true) {
    this.#candidates = candidates;
    this.#health = health;
    this.#judged = judged;
  }

  /** Whether a candidate is left that was neither tried nor passed over. It may still refuse. */
  get othersLeft(): boolean {
    return this.#position < this.#candidates.length;
  }

  /**
   * A place on the next candidate that takes the call; undefined where none is left: then, if there was an attempt, its
   * setback is to be decided once more with `othersLeft: false`, else the call is `exhausted`.
   */
  next(): Lease | undefined {
    for (;;) {
      const channel = this.#candidates[this.#position];
      if (channel === undefined) return undefined;
      this.#position += 1;
      const lease = this.again(channel);
      if (lease !== undefined) return lease;
    }
  }

  /** A place on a channel that was tried before; undefined where it takes no call any more, so that its setback stands. */
  again(channel: Channel): Lease | undefined {
    const acquired = this.#health.tryAcquire(channel, this.#judged);
    if (acquired instanceof Lease) return acquired;
    this.refusals.push(acquired);
    return undefined;
  }

  /** The refusal of a call that no channel took, with the seconds until the first of them may. `now` in Unix milliseconds. */
  exhausted(now: number): Fault {
    const soonest = Math.min(...this.refusals.map(({ retryAt }) => retryAt ?? now + 1000));
    if (!Number.isFinite(soonest)) return new Fault("channels_exhausted");
    return new Fault("channels_exhausted", { retryAfter: Math.max(1, Math.ceil((soonest - now) / 1000)) });
  }
}

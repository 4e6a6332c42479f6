import type { Channel } from "../core/channel.ts";
import { Breaker, type BreakerPolicy, type BreakerState, defaultBreakerPolicy } from "./breaker.ts";
import { type LastFailure, Lease, type LeasedRecord } from "./lease.ts";

export interface HealthPolicy extends BreakerPolicy {
  /** Milliseconds; a provider that asks for a longer rest than this gets this long. */
  readonly longestRest: number;
}

export const defaultHealthPolicy: HealthPolicy = { ...defaultBreakerPolicy, longestRest: 300_000 };

/** Why a channel takes no call now. `retryAt` in Unix milliseconds, where it is known. */
export interface Refusal {
  readonly channel: string;
  /** `busy`: its limit in flight; `open`: the breaker; `probing`: half-open, with its probes out; `resting`: the provider asked for a pause. */
  readonly reason: "busy" | "open" | "probing" | "resting";
  readonly retryAt?: number;
}

/** One channel's health as an operator sees it. */
export interface ChannelHealth {
  readonly channel: string;
  readonly state: BreakerState;
  readonly inFlight: number;
  /** Within the breaker's window. */
  readonly calls: number;
  readonly failures: number;
  /** Milliseconds to the first event, as a moving average; undefined before the first success. */
  readonly latency?: number;
  readonly lastFailure?: LastFailure;
  /** Unix milliseconds until which it takes no call. */
  readonly unavailableUntil?: number;
}

/** How much a new measurement moves the average. */
const latencyShare = 0.2;

class ChannelRecord implements LeasedRecord {
  readonly breaker: Breaker;
  inFlight = 0;
  restUntil = 0;
  latency: number | undefined;
  lastFailure: LastFailure | undefined;

  constructor(policy: HealthPolicy, random: () => number) {
    this.breaker = new Breaker(policy, random);
  }

  measured(milliseconds: number): void {
    this.latency =
      this.latency === undefined ? milliseconds : this.latency + latencyShare * (milliseconds - this.latency);
  }
}

/** The health of every channel on this node, kept across reloads of the configuration. */
export class HealthBook {
  readonly #records = new Map<string, ChannelRecord>();
  readonly #policy: HealthPolicy;
  readonly #now: () => number;
  readonly #random: () => number;

  /** `now` in Unix milliseconds; `random` uniform in [0, 1). */
  constructor(given: {
    readonly now: () => number;
    readonly random: () => number;
    readonly policy?: HealthPolicy;
  }) {
    this.#policy = given.policy ?? defaultHealthPolicy;
    this.#now = given.now;
    this.#random = given.random;
  }

  /**
   * A place for one attempt, to be released exactly when the attempt is over; or why there is none. An attempt that is not
   * `judged` is neither held back by the channel's health nor changes it.
   */
  tryAcquire(channel: Channel, judged = true): Lease | Refusal {
    const now = this.#now();
    const record = this.#record(channel.id);
    const limit = channel.limits.inFlight;
    if (limit !== undefined && record.inFlight >= limit) return { channel: channel.id, reason: "busy" };
    if (!judged) return new Lease(channel, record, undefined, this.#now, this.#policy.longestRest);
    if (now < record.restUntil) {
      return { channel: channel.id, reason: "resting", retryAt: record.restUntil };
    }
    const pass = record.breaker.enter(now);
    if (pass === undefined) {
      const retryAt = record.breaker.openUntil(now);
      return retryAt === undefined
        ? { channel: channel.id, reason: "probing" }
        : { channel: channel.id, reason: "open", retryAt };
    }
    return new Lease(channel, record, pass, this.#now, this.#policy.longestRest);
  }

  /** Health of the channels that were called since the start. */
  snapshot(): ChannelHealth[] {
    return [...this.#records.keys()].map((id) => this.of(id));
  }

  /** Health of one channel; that of a fresh one where it was never called. */
  of(channel: string): ChannelHealth {
    const record = this.#records.get(channel);
    if (record === undefined) return { channel, state: "closed", inFlight: 0, calls: 0, failures: 0 };
    const now = this.#now();
    const state = record.breaker.state(now);
    const until = Math.max(record.restUntil, record.breaker.openUntil(now) ?? 0);
    return {
      channel,
      state,
      inFlight: record.inFlight,
      ...record.breaker.counts(now),
      ...(record.latency === undefined ? {} : { latency: record.latency }),
      ...(record.lastFailure === undefined ? {} : { lastFailure: record.lastFailure }),
      ...(until > now ? { unavailableUntil: until } : {}),
    };
  }

  /** Forgets the channels that are no longer configured and have no call in flight. */
  retain(configured: ReadonlyMap<string, Channel>): void {
    for (const [id, record] of this.#records) {
      if (!configured.has(id) && record.inFlight === 0) this.#records.delete(id);
    }
  }

  #record(id: string): ChannelRecord {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const record = new ChannelRecord(this.#policy, this.#random);
    this.#records.set(id, record);
    return record;
  }
}

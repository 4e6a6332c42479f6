import type { Channel } from "../core/channel.ts";
import { type ErrorCode, errors } from "../core/errors.ts";
import type { Breaker, Pass } from "./breaker.ts";

/** `at` in Unix milliseconds. */
export interface LastFailure {
  readonly code: ErrorCode;
  readonly at: number;
}

/** What a channel's leases write to. */
export interface LeasedRecord {
  readonly breaker: Breaker;
  inFlight: number;
  /** Unix milliseconds; 0 where the provider asked for no rest. */
  restUntil: number;
  lastFailure: LastFailure | undefined;
  measured(milliseconds: number): void;
}

/** These do not heal by themselves, and every call would meet them. */
const tripping: ReadonlySet<ErrorCode> = new Set(["provider_credentials", "provider_quota"]);

/**
 * A place in flight on a channel, for one attempt. `success` is told at the first event, so that a long stream does
 * not hold back the verdict; `failure` may still follow it, for a stream that breaks. `release` always ends it; without
 * a verdict before (the client went away, a caller's mistake) the attempt says nothing about the channel.
 */
export class Lease {
  readonly channel: Channel;
  readonly #record: LeasedRecord;
  readonly #pass: Pass | undefined;
  readonly #now: () => number;
  readonly #longestRest: number;
  #verdict: "none" | "success" | "failure" = "none";
  #released = false;

  /** Without a `pass` the attempt only takes a place: its outcome is not judged. */
  constructor(
    channel: Channel,
    record: LeasedRecord,
    pass: Pass | undefined,
    now: () => number,
    longestRest: number,
  ) {
    this.channel = channel;
    this.#record = record;
    this.#pass = pass;
    this.#now = now;
    this.#longestRest = longestRest;
    record.inFlight += 1;
  }

  /** Whether the channel is being tried out after an outage. */
  get probe(): boolean {
    return this.#pass?.probe ?? false;
  }

  /** The provider answers. `firstEventAfter` in milliseconds since the attempt began. */
  success(firstEventAfter: number): void {
    if (this.#verdict !== "none" || this.#released || this.#pass === undefined) return;
    this.#verdict = "success";
    this.#record.measured(firstEventAfter);
    this.#record.breaker.succeeded(this.#pass, this.#now());
  }

  /**
   * The attempt failed with `code`; a code that is not the provider's fault says nothing about the channel.
   * `retryAfter` in milliseconds, as the provider asked: the channel rests until then.
   */
  failure(code: ErrorCode, retryAfter?: number): void {
    if (this.#verdict === "failure" || this.#released || this.#pass === undefined) return;
    if (!blamesChannel(code)) return;
    const { breaker } = this.#record;
    const now = this.#now();
    const rests = retryAfter !== undefined && retryAfter > 0;
    // A probe that succeeded has given its slot back already.
    const heard = this.#verdict === "success";
    this.#verdict = "failure";
    this.#record.lastFailure = { code, at: now };
    if (rests) {
      const until = now + Math.min(retryAfter, this.#longestRest);
      this.#record.restUntil = Math.max(this.#record.restUntil, until);
    }
    if (tripping.has(code)) breaker.trip(this.#pass, now);
    else if (rests && code === "provider_rate_limited") {
      // It is well and has said when to come back: the rest is answer enough.
      if (!heard) breaker.abstained(this.#pass);
    } else breaker.failed(this.#pass, now);
  }

  /** Frees the place. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#record.inFlight -= 1;
    if (this.#verdict === "none" && this.#pass !== undefined) this.#record.breaker.abstained(this.#pass);
  }
}

function blamesChannel(code: ErrorCode): boolean {
  const { owner, retryable } = errors[code];
  return owner === "provider" && retryable;
}

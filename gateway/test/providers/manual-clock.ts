import type { Clock } from "../../src/core/clock.ts";

/** Time that moves only when told to. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Map<symbol, { readonly at: number; readonly action: () => void }>();

  now(): number {
    return 1_700_000_000_000 + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): () => void {
    const key = Symbol("timer");
    this.#timers.set(key, { at: this.#now + milliseconds, action });
    return () => this.#timers.delete(key);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Runs what falls due on the way, in order; everything that waits for a promise gets its turn in between. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await new Promise(setImmediate);
    for (let due = this.#due(until); due !== undefined; due = this.#due(until)) {
      const [key, timer] = due;
      this.#timers.delete(key);
      this.#now = Math.max(this.#now, timer.at);
      timer.action();
      await new Promise(setImmediate);
    }
    this.#now = until;
  }

  #due(until: number): [symbol, { at: number; action: () => void }] | undefined {
    let first: [symbol, { at: number; action: () => void }] | undefined;
    for (const entry of this.#timers)
      if (entry[1].at <= until && (first === undefined || entry[1].at < first[1].at)) first = entry;
    return first;
  }
}

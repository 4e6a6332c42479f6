import type { Clock } from "../src/core/clock.ts";

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #passed = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.UTC(2026, 10, 23) + this.#passed;
  }

  monotonic(): number {
    return this.#passed;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#passed + milliseconds, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Runs what falls due on the way, in order; whatever waits for a promise has its turn before and after each. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#passed + milliseconds;
    await new Promise(setImmediate);
    for (let due = this.#due(until); due !== undefined; due = this.#due(until)) {
      this.#timers.delete(due);
      this.#passed = Math.max(this.#passed, due.at);
      due.action();
      await new Promise(setImmediate);
    }
    this.#passed = until;
  }

  #due(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    return first;
  }
}

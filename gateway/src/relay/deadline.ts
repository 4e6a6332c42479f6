import type { Clock } from "../core/clock.ts";

/**
 * A wait that moves: `touch` is a look at the clock and an assignment, cheap enough for every chunk of a stream; the
 * timer is armed again only when it fires too early.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #onExpire: () => void;
  #milliseconds: number;
  #since: number;
  #cancel: (() => void) | undefined;
  #over = false;

  constructor(clock: Clock, milliseconds: number, onExpire: () => void) {
    this.#clock = clock;
    this.#onExpire = onExpire;
    this.#milliseconds = milliseconds;
    this.#since = clock.monotonic();
    this.#arm(milliseconds);
  }

  /** The wait starts anew. Returns the time, on the monotonic clock. */
  touch(): number {
    this.#since = this.#clock.monotonic();
    return this.#since;
  }

  /** Another length from now on. */
  restart(milliseconds: number): void {
    this.#milliseconds = milliseconds;
    this.touch();
    this.#arm(milliseconds);
  }

  /** Ends the wait for good. */
  clear(): void {
    this.#over = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(milliseconds: number): void {
    this.#cancel?.();
    if (this.#over) return;
    this.#cancel = this.#clock.after(milliseconds, () => {
      const left = this.#milliseconds - (this.#clock.monotonic() - this.#since);
      if (left >= 1) this.#arm(left);
      else this.#onExpire();
    });
  }
}

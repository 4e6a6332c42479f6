import type { Clock } from "../core/clock.ts";

/**
 * A wait that moves: `touch` is a comparison and an assignment, cheap enough for every chunk of a stream; the timer
 * is armed again only when it fires too early.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #onExpire: () => void;
  #milliseconds: number;
  #since: number;
  #cancel: (() => void) | undefined;
  #suspended = false;
  #over = false;

  constructor(clock: Clock, milliseconds: number, onExpire: () => void) {
    this.#clock = clock;
    this.#onExpire = onExpire;
    this.#milliseconds = milliseconds;
    this.#since = clock.monotonic();
    this.#arm(milliseconds);
  }

  /** The wait starts anew. */
  touch(): void {
    this.#since = this.#clock.monotonic();
  }

  /** Another length from now on. */
  restart(milliseconds: number): void {
    this.#milliseconds = milliseconds;
    this.touch();
    if (!this.#suspended) this.#arm(milliseconds);
  }

  /** Stops the wait while it is not the other side's fault. */
  suspend(): void {
    this.#suspended = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  continue(): void {
    if (!this.#suspended) return;
    this.#suspended = false;
    this.restart(this.#milliseconds);
  }

  /** Ends the wait for good. */
  clear(): void {
    this.#over = true;
    this.suspend();
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

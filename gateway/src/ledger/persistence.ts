import type { Clock } from "../core/clock.ts";
import { StoreError } from "../storage/port.ts";

const firstPause = 50;
const longestPause = 5_000;

/** Asks a store again, with growing pauses, as long as it cannot answer now and may later. */
export class Persistence {
  readonly #clock: Clock;
  readonly #onProblem: (cause: unknown) => void;
  #stopped = false;
  #wake: (() => void) | undefined;

  /** `onProblem` hears the first failure of each action. */
  constructor(clock: Clock, onProblem: (cause: unknown) => void) {
    this.#clock = clock;
    this.#onProblem = onProblem;
  }

  /** Undefined where `stop` came first. @throws what will be no better next time: a StoreError with reason `failed`. */
  async run<Value>(action: () => Promise<Value>): Promise<{ readonly value: Value } | undefined> {
    let pause = firstPause;
    while (!this.#stopped) {
      try {
        return { value: await action() };
      } catch (error) {
        if (error instanceof StoreError && error.reason === "failed") throw error;
        if (pause === firstPause) this.#onProblem(error);
        await this.#rest(pause);
        pause = Math.min(pause * 2, longestPause);
      }
    }
    return undefined;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  #rest(milliseconds: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(milliseconds, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Adds up between two scrapes, so that a call pays for an addition and not for finding its series by labels. */
export class Tally {
  readonly #counter: { inc(value: number): void };
  #pending = 0;

  constructor(counter: { inc(value: number): void }) {
    this.#counter = counter;
  }

  /** What cannot be added to a counter (a provider may report anything) is left out. */
  add(value: number): void {
    if (value > 0 && value < Number.MAX_SAFE_INTEGER) this.#pending += value;
  }

  /** Hands what was added to the counter. */
  flush(): void {
    this.#counter.inc(this.#pending);
    this.#pending = 0;
  }
}

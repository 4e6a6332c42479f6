/** Counts two kinds of events over the last `span` milliseconds, in slices: forgetting is at most one slice late. */
export class SlidingCounts {
  readonly #slice: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #latest = 0;
  #firstTotal = 0;
  #secondTotal = 0;

  constructor(span: number, slices = 10) {
    this.#slice = span / slices;
    this.#first = new Float64Array(slices);
    this.#second = new Float64Array(slices);
  }

  addFirst(now: number): void {
    this.#first[this.#at(now)]! += 1;
    this.#firstTotal += 1;
  }

  addSecond(now: number): void {
    this.#second[this.#at(now)]! += 1;
    this.#secondTotal += 1;
  }

  first(now: number): number {
    this.#at(now);
    return this.#firstTotal;
  }

  second(now: number): number {
    this.#at(now);
    return this.#secondTotal;
  }

  clear(): void {
    this.#first.fill(0);
    this.#second.fill(0);
    this.#firstTotal = 0;
    this.#secondTotal = 0;
  }

  /** Forgets the slices that have passed and gives the present one's index. A clock that steps back changes nothing. */
  #at(now: number): number {
    const present = Math.max(this.#latest, Math.floor(now / this.#slice));
    const size = this.#first.length;
    if (present - this.#latest >= size) this.clear();
    else {
      for (let slice = this.#latest + 1; slice <= present; slice += 1) {
        const index = slice % size;
        this.#firstTotal -= this.#first[index]!;
        this.#secondTotal -= this.#second[index]!;
        this.#first[index] = 0;
        this.#second[index] = 0;
      }
    }
    this.#latest = present;
    return present % size;
  }
}

/** Stands for every value beyond the limit. */
export const overflow = "other";

const longestValue = 512;

/** Keeps a label's values to a bounded set, for callers choose some of them: the first `limit` values stay themselves. */
export class LabelLimit {
  readonly #known = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value, or `other`. */
  of(value: string): string {
    return this.admits(value) ? value : overflow;
  }

  admits(value: string): boolean {
    if (this.#known.has(value)) return true;
    if (this.#known.size >= this.#limit || value.length > longestValue) return false;
    this.#known.add(value);
    return true;
  }
}

/** A model's name without the settings that may follow it after `?`. */
export function withoutSettings(model: string): string {
  const mark = model.indexOf("?");
  return mark < 0 ? model : model.slice(0, mark);
}

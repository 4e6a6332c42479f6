/** One line of the result. `undefined` is what was not measured. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly gateway: number;
  readonly nginx?: number;
  /** Gateway divided by nginx: the median of the pairs' own. */
  readonly ratio?: number;
  readonly goal?: Goal;
}

export interface Goal {
  /** In words: `at least 0.18 of nginx`. */
  readonly text: string;
  /** Undefined where it cannot be judged. */
  readonly met?: boolean;
}

export function atLeast(value: number | undefined, bound: number, text: string): Goal {
  return value === undefined ? { text } : { text, met: value >= bound };
}

export function atMost(value: number | undefined, bound: number, text: string): Goal {
  return value === undefined ? { text } : { text, met: value <= bound };
}

export function below(value: number, bound: number, text: string): Goal {
  return { text, met: value < bound };
}

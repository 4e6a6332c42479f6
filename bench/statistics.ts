/** The middle value, or the mean of the two in the middle. @throws RangeError where there are none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values to take a median of");
  const sorted = [...values].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]!;
  return (lower + upper) / 2;
}

/** Median of the quotients of what was measured in the same pair, so that a slow minute of the machine hits both. */
export function medianRatio(values: readonly number[], bases: readonly number[]): number {
  return median(
    values.map((value, pair) => {
      const base = bases[pair];
      if (base === undefined || base === 0)
        throw new RangeError(`pair ${pair + 1} has nothing to compare with`);
      return value / base;
    }),
  );
}

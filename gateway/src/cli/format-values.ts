/** Nano-dollars -> US dollars as a decimal, exact, with at least two decimals: `0.000123`, `12.50`. */
export function formatDollars(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(10, "0");
  const decimals = digits.slice(-9).replace(/0+$/, "").padEnd(2, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -9)}.${decimals}`;
}

/** Unix milliseconds -> `2026-11-23 08:15` in UTC. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ");
}

/** A count; `-` where it is not known. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? "-" : count.toLocaleString("en-US");
}

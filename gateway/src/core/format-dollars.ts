import type { NanoDollars } from "./money.ts";

/** US dollars as a decimal, exact, with 2 to 9 digits after the point: `0.000123`, `12.50`. */
export function formatDollars(amount: NanoDollars): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(10, "0");
  const decimals = digits.slice(-9).replace(/0+$/, "").padEnd(2, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -9)}.${decimals}`;
}

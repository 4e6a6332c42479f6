import { expect, test } from "vitest";
import { formatDollars } from "../../src/core/format-dollars.ts";

test.each([
  [0n, "0.00"],
  [1n, "0.000000001"],
  [123_000n, "0.000123"],
  [12_500_000_000n, "12.50"],
  [-1_000_000_000n, "-1.00"],
  [10n ** 20n, "100000000000.00"],
])("%i nano-dollars are written %s", (amount, text) => {
  expect(formatDollars(amount)).toBe(text);
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceTable, PriceUnit } from "../../src/core/money.ts";
import type { Usage } from "../../src/core/usage.ts";
import { costOf } from "../../src/ledger/cost.ts";

const inputUnits: readonly PriceUnit[] = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_long",
  "audio_input",
];
const outputUnits: readonly PriceUnit[] = ["output", "reasoning", "audio_output"];

const tokens = fc.option(fc.nat(10_000_000), { nil: undefined });
const usages = fc
  .record({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    cacheWriteLongTokens: tokens,
    reasoningTokens: tokens,
    audioInputTokens: tokens,
    audioOutputTokens: tokens,
  })
  .map((usage) => JSON.parse(JSON.stringify(usage)) as Usage);
const price = fc.bigInt(0n, 1_000_000_000_000n);
const tables = fc.record(
  {
    input: price,
    output: price,
    cache_read: price,
    cache_write: price,
    cache_write_long: price,
    reasoning: price,
    audio_input: price,
    audio_output: price,
    request: price,
  },
  { requiredKeys: ["input", "output"] },
);

function quantity(usage: Usage, table: PriceTable, units: readonly PriceUnit[]): number {
  return costOf(usage, table)
    .lines.filter(({ unit }) => units.includes(unit))
    .reduce((sum, line) => sum + line.quantity, 0);
}

describe("costOf", () => {
  it("prices each share of a call on a line of its own", () => {
    const usage: Usage = {
      inputTokens: 1_000,
      cacheReadTokens: 600,
      cacheWriteTokens: 300,
      cacheWriteLongTokens: 100,
      outputTokens: 50,
      reasoningTokens: 20,
    };
    const { lines, amount } = costOf(usage, {
      input: 3_000_000_000n,
      output: 15_000_000_000n,
      cache_read: 300_000_000n,
      cache_write: 3_750_000_000n,
      cache_write_long: 6_000_000_000n,
    });
    expect(lines.map(({ unit, quantity, amount }) => [unit, quantity, amount])).toEqual([
      ["input", 100, 300_000n],
      ["cache_read", 600, 180_000n],
      ["cache_write_long", 100, 600_000n],
      ["cache_write", 200, 750_000n],
      ["output", 50, 750_000n],
    ]);
    expect(amount).toBe(2_580_000n);
  });

  it("falls back from the long cache write to the short one, then to input", () => {
    const usage: Usage = { inputTokens: 10, cacheWriteTokens: 4, cacheWriteLongTokens: 3 };
    const lines = (table: PriceTable) =>
      costOf(usage, table).lines.map(({ unit, quantity }) => [unit, quantity]);
    expect(lines({ input: 1n, cache_write: 2n })).toEqual([
      ["input", 6],
      ["cache_write", 4],
    ]);
    expect(lines({ input: 1n })).toEqual([["input", 10]]);
  });

  it("rounds each line once, half up", () => {
    const amount = (quantity: number, input: bigint) => costOf({ inputTokens: quantity }, { input }).amount;
    expect(amount(1, 499_999n)).toBe(0n);
    expect(amount(1, 500_000n)).toBe(1n);
    expect(amount(3, 500_000n)).toBe(2n);
    expect(amount(999_999, 1n)).toBe(1n);
  });

  it("bills a request once where requests have a price", () => {
    expect(costOf({}, { request: 5_000_000_000n }).lines).toEqual([
      { unit: "request", quantity: 1, price: 5_000_000_000n, amount: 5_000n },
    ]);
  });

  it("takes the prices of the highest tier that the input has passed, for the whole call", () => {
    const table: PriceTable = {
      input: 1_000_000n,
      output: 10_000_000n,
      cache_read: 100_000n,
      tiers: [
        { above: 500, prices: { input: 3_000_000n } },
        { above: 200, prices: { input: 2_000_000n, output: 20_000_000n } },
      ],
    };
    const call = (inputTokens: number) =>
      costOf({ inputTokens, cacheReadTokens: 100, outputTokens: 1 }, table).lines.map(({ price }) => price);
    expect(call(200)).toEqual([1_000_000n, 100_000n, 10_000_000n]);
    expect(call(201)).toEqual([2_000_000n, 100_000n, 20_000_000n]);
    expect(call(501)).toEqual([3_000_000n, 100_000n, 10_000_000n]);
  });

  it("takes counts that cannot be as unknown", () => {
    for (const nonsense of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2_000_000_000]) {
      expect(
        costOf({ inputTokens: nonsense, outputTokens: 1 }, { input: 1n, output: 1_000_000n }).lines,
      ).toEqual([{ unit: "output", quantity: 1, price: 1_000_000n, amount: 1n }]);
    }
  });

  it("bills every token of a known total exactly once, whatever shares a vendor reports", () => {
    fc.assert(
      fc.property(usages, tables, (usage, table) => {
        if (usage.inputTokens !== undefined)
          expect(quantity(usage, table, inputUnits)).toBe(usage.inputTokens);
        if (usage.outputTokens !== undefined)
          expect(quantity(usage, table, outputUnits)).toBe(usage.outputTokens);
        const { lines, amount } = costOf(usage, table);
        for (const line of lines) expect(line.quantity).toBeGreaterThan(0);
        expect(lines.reduce((sum, line) => sum + line.amount, 0n)).toBe(amount);
        expect(new Set(lines.map(({ unit }) => unit)).size).toBe(lines.length);
      }),
    );
  });

  it("never costs less when more is written or read at the plain price", () => {
    fc.assert(
      fc.property(usages, tables, fc.nat(1_000), (usage, table, more) => {
        const { inputTokens, outputTokens } = usage;
        fc.pre(inputTokens !== undefined && outputTokens !== undefined);
        // Shares that contradict the total are cut by it, so a larger total may move tokens to a cheaper share.
        const plain = { inputTokens, outputTokens };
        const before = costOf(plain, table).amount;
        expect(costOf({ ...plain, outputTokens: outputTokens + more }, table).amount).toBeGreaterThanOrEqual(
          before,
        );
        expect(costOf({ ...plain, inputTokens: inputTokens + more }, table).amount).toBeGreaterThanOrEqual(
          before,
        );
      }),
    );
  });

  it("stays within half a nano-dollar a line of the exact cost", () => {
    fc.assert(
      fc.property(usages, tables, (usage, table) => {
        for (const { quantity, price, amount } of costOf(usage, table).lines) {
          const error = amount * 1_000_000n - BigInt(quantity) * price;
          expect(error >= -500_000n && error <= 500_000n).toBe(true);
        }
      }),
    );
  });
});

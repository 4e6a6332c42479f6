import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CostLine } from "../../src/core/money.ts";
import { estimateFromIntent, estimateUsage } from "../../src/ledger/estimate.ts";
import { postingsOf } from "../../src/ledger/postings.ts";
import { sampleSettlement } from "../storage/samples.ts";

const lines = fc.array(
  fc
    .bigInt(0n, 1_000_000_000_000n)
    .map((amount): CostLine => ({ unit: "output", quantity: 1, price: 1n, amount })),
);

describe("postingsOf", () => {
  it("debits the project and credits the provider", () => {
    const settlement = sampleSettlement("call_1", { project: "lab", provider: "azure-eu", endedAt: 7 });
    expect(postingsOf(settlement)).toEqual([
      { transaction: "call_1", account: "expense:lab", amount: 250_000n, at: 7 },
      { transaction: "call_1", account: "payable:azure-eu", amount: -250_000n, at: 7 },
    ]);
  });

  it("always sums to zero, and books the whole cost", () => {
    fc.assert(
      fc.property(lines, (cost) => {
        const postings = postingsOf(sampleSettlement("call_1", { cost }));
        const total = cost.reduce((sum, line) => sum + line.amount, 0n);
        expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
        expect(postings[0]?.amount ?? 0n).toBe(total);
      }),
    );
  });

  it("books nothing for a call that costs nothing", () => {
    expect(postingsOf(sampleSettlement("call_1", { cost: [] }))).toEqual([]);
  });
});

describe("estimates", () => {
  it("count four bytes as a token, rounded up, and say how they were made", () => {
    expect(estimateUsage({ inputBytes: 401, outputBytes: 0 })).toEqual({
      usage: { inputTokens: 101, outputTokens: 0 },
      method: "relayed-bytes",
    });
  });

  it("leave the output of a lost call unknown, not zero", () => {
    expect(estimateFromIntent(8)).toEqual({ usage: { inputTokens: 2 }, method: "intent-bytes" });
  });
});

import { expect, it } from "vitest";
import { checkCounts } from "../counts.ts";
import { ledgerSums } from "../usage-answer.ts";

const upstream = { answered: 8, streamed: 2, aborted: 0, refused: 0 };
const ledger = { calls: 6, failed: 0, estimated: 0 };
const counts = { sent: 10, throughGateway: 6, upstream, ledger };

it("accepts a run in which every call was served once and posted once", () => {
  expect(checkCounts(counts)).toMatch(/^6 calls .* once in its ledger/);
  expect(checkCounts({ sent: 10, throughGateway: 6, upstream })).not.toContain("ledger");
});

it("refuses a run in which a call was served twice, given up or refused", () => {
  for (const change of [{ answered: 9 }, { aborted: 1 }, { refused: 1 }]) {
    expect(() => checkCounts({ ...counts, upstream: { ...upstream, ...change } })).toThrow(
      /10 calls were made/,
    );
  }
});

it("refuses a run whose ledger lacks a call, has one too many, or did not get its usage", () => {
  for (const change of [{ calls: 5 }, { calls: 7 }, { failed: 1 }, { estimated: 1 }]) {
    expect(() => checkCounts({ ...counts, ledger: { ...ledger, ...change } })).toThrow(/its ledger has/);
  }
});

it("adds the rows of the usage", () => {
  const rows = [
    { group: "2026-11-22", calls: 2, failed: 1, estimated: 0 },
    { group: "2026-11-23", calls: 3, failed: 0, estimated: 2 },
  ];
  expect(ledgerSums(JSON.stringify(rows))).toEqual({ calls: 5, failed: 1, estimated: 2 });
  expect(ledgerSums("[]")).toEqual({ calls: 0, failed: 0, estimated: 0 });
});

it("refuses a usage of another shape", () => {
  expect(() => ledgerSums('{"error":"x"}')).toThrow(/no list/);
  expect(() => ledgerSums('[{"calls":"2"}]')).toThrow(/without 'calls'/);
});

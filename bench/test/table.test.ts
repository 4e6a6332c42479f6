import { expect, it } from "vitest";
import { replaceRecord } from "../record.ts";
import { atLeast, atMost, below, type Row } from "../row.ts";
import { renderTable, showNumber } from "../table.ts";

const row: Row = { name: "Calls", unit: "/s", gateway: 6158.4, nginx: 25_800, ratio: 0.2387 };

it("aligns the columns of a Markdown table", () => {
  const lines = renderTable([row, { name: "Memory", unit: "MiB", gateway: 120 }]).split("\n");
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]).toMatch(/^\| Calls +\| +6,160 \/s \| 25,800 \/s \| 0\.239 \|/);
  expect(lines[3]).toMatch(/^\| Memory \| +120 MiB \| +- \|/);
});

it("says whether a goal was met, missed or not judged", () => {
  const withGoal = (goal: Row["goal"]): string => renderTable([goal === undefined ? row : { ...row, goal }]);
  expect(withGoal(atLeast(0.18, 0.18, "at least 0.18"))).toContain("at least 0.18: met");
  expect(withGoal(atMost(3.1, 3, "at most 3"))).toContain("at most 3: MISSED");
  expect(withGoal(below(400, 400, "under 400"))).toContain("under 400: MISSED");
  expect(withGoal(atLeast(undefined, 400, "at least 400"))).not.toMatch(/met|MISSED/);
});

it("shows three digits that matter", () => {
  expect([31_415, 12.345, 0.21449, 0.0004, 0].map((value) => showNumber(value))).toEqual([
    "31,400",
    "12.3",
    "0.214",
    "0",
    "0",
  ]);
});

it("replaces the record and nothing else of the page", () => {
  const page = "# Performance\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nmore\n";
  const once = replaceRecord(page, "new");
  expect(once).toBe("# Performance\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nmore\n");
  expect(replaceRecord(once, "new")).toBe(once);
});

it("leaves a page without markers alone", () => {
  expect(() => replaceRecord("# Performance\n", "new")).toThrow(/bench:begin/);
});

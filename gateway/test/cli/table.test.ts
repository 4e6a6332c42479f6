import { describe, expect, test } from "vitest";
import { formatCount, formatTime } from "../../src/cli/format-values.ts";
import { renderTable } from "../../src/cli/table.ts";

const columns = [{ title: "name" }, { title: "calls", align: "right" as const }];

describe("tables", () => {
  test("are as wide as their widest cells, numbers to the right", () => {
    expect(
      renderTable(
        columns,
        [
          ["a", "1"],
          ["longer", "100000"],
        ],
        undefined,
      ),
    ).toBe("name     calls\na            1\nlonger  100000\n");
  });

  test("are cut to the terminal, the widest column first", () => {
    const table = renderTable(columns, [["x".repeat(50), "1234567"]], 30);
    expect(table).toBe(`name                     calls\n${"x".repeat(20)}…  1234567\n`);
    for (const line of table.trimEnd().split("\n")) expect(line.length).toBeLessThanOrEqual(30);
  });

  test("stay readable where the terminal is narrower than any table", () => {
    expect(renderTable(columns, [["x".repeat(50), "12345678"]], 5)).toContain("xxxxxxx…  12345678");
  });

  test("let no stored name move the cursor or break a line", () => {
    const table = renderTable(columns, [["\u001b[31mred\u001b[0m\nx\u0007", "1"]], undefined);
    expect(table).toBe("name    calls\nred x       1\n");
  });
});

test("an unknown count is not a zero", () => {
  expect([formatCount(undefined), formatCount(0), formatCount(1_234_567)]).toEqual(["-", "0", "1,234,567"]);
});

test("times are in UTC", () => {
  expect(formatTime(Date.UTC(2026, 10, 23, 8, 15, 59))).toBe("2026-11-23 08:15");
});

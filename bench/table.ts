import type { Row } from "./row.ts";

/** Three significant digits, thousands apart: `31,400`, `0.214`, `12.5`. */
export function showNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return "0";
  return new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 }).format(value);
}

function cells({ name, unit, gateway, nginx, ratio, goal }: Row): string[] {
  const verdict = goal?.met === undefined ? "" : goal.met ? ": met" : ": MISSED";
  return [
    name.replace(/^ +/, (indent) => "\u00a0".repeat(indent.length)),
    `${showNumber(gateway)} ${unit}`,
    nginx === undefined ? "-" : `${showNumber(nginx)} ${unit}`,
    ratio === undefined ? "" : showNumber(ratio),
    goal === undefined ? "" : goal.text + verdict,
  ];
}

/** A Markdown table that also reads well in a terminal. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [["", "Entente", "nginx", "ratio", "goal"], ...rows.map((row) => cells(row))];
  const widths = lines[0]!.map((_, column) => Math.max(3, ...lines.map((line) => line[column]!.length)));
  const isNumeric = (column: number): boolean => column > 0 && column < 4;
  const draw = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => (isNumeric(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    isNumeric(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [draw(lines[0]!), draw(rule), ...lines.slice(1).map((line) => draw(line))].join("\n");
}

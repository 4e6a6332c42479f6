import { stripVTControlCharacters } from "node:util";

export interface Column {
  readonly title: string;
  readonly align?: "right";
}

const gap = "  ";
const narrowest = 8;

/**
 * A table as text, a line for each row. Where `width` is given, the widest columns are cut to fit, with `…`.
 * Control characters in cells are left out, so that a stored name cannot move the cursor.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_column, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  if (width !== undefined) shrink(widths, width - gap.length * (columns.length - 1));
  return lines
    .map((line) => {
      const cells = widths.map((size, index) => fit(line[index] ?? "", size, columns[index]?.align));
      return `${cells.join(gap).trimEnd()}\n`;
    })
    .join("");
}

/** Takes a character at a time from the widest, until they fit or all are as narrow as may be. */
function shrink(widths: number[], room: number): void {
  let excess = widths.reduce((sum, size) => sum + size, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) return;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
}

function fit(text: string, size: number, align: "right" | undefined): string {
  const cut = text.length > size ? `${text.slice(0, size - 1)}…` : text;
  return align === "right" ? cut.padStart(size) : cut.padEnd(size);
}

function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, " ");
}

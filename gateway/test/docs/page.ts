import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../../../docs/", import.meta.url);

/** A fenced block of a page. */
export interface Block {
  /** `routing.md:12`, for the names of tests. */
  readonly place: string;
  /** What stands behind the fence: `sh`, `yaml`, `ts`. */
  readonly language: string;
  readonly text: string;
}

/** Names of all pages, relative to the folder; the project's own README is one. */
export const pageNames: readonly string[] = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort(),
  "../README.md",
];

export function readPage(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(name: string): Block[] {
  const page = readPage(name);
  return [...page.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${name}:${page.slice(0, match.index).split("\n").length}`,
    language: match[1] ?? "",
    text: match[2] ?? "",
  }));
}

/** The blocks of one language on all pages. */
export function blocksIn(language: string): Block[] {
  return pageNames.flatMap(blocksOf).filter((block) => block.language === language);
}

/**
 * A part of a page that the code says: what stands between `<!-- name:begin -->` and `<!-- name:end -->`. Where the
 * variable ENTENTE_WRITE_DOCS is set, `wanted` is written there first.
 */
export function generatedPart(page: string, name: string, wanted: string): string {
  const pattern = new RegExp(`(<!-- ${name}:begin -->\\n)([\\s\\S]*?)(<!-- ${name}:end -->)`);
  const text = readPage(page);
  const match = pattern.exec(text);
  if (match === null) throw new Error(`${page} has no part '${name}'`);
  if (process.env["ENTENTE_WRITE_DOCS"] === undefined) return (match[2] ?? "").trim();
  const fill = (_whole: string, begin: string, _old: string, end: string) => `${begin}\n${wanted}\n\n${end}`;
  writeFileSync(new URL(page, folder), text.replace(pattern, fill));
  return wanted;
}

/** A page that is generated whole; written anew as `generatedPart` does it. */
export function generatedPage(page: string, wanted: string): string {
  if (process.env["ENTENTE_WRITE_DOCS"] !== undefined) writeFileSync(new URL(page, folder), wanted);
  return readPage(page);
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

import { readFileSync } from "node:fs";

/** This package's version. Read, not imported: an import from outside `src` would move the build's output. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

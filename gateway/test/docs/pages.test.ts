import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gatherSources } from "../../src/cli/gather-sources.ts";
import { compileConfig } from "../../src/config/compile.ts";
import { usualPlaces } from "../../src/providers/discover-engines.ts";
import { loadText } from "../config/config-folder.ts";
import { blocksIn, blocksOf, pageNames, readPage } from "./page.ts";

/** What a heading is linked by, as GitHub makes it. */
function anchorsOf(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pageNames)("%s", (name) => {
  test("links to what is there", () => {
    const prose = readPage(name).replaceAll(/^```[\s\S]*?^```$/gm, "");
    for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = new URL(path === "" ? "" : path, new URL(`../../../docs/${name}`, import.meta.url));
      expect(existsSync(file), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(path === "" ? name : path), target).toContain(anchor);
    }
  });

  test("has only examples of languages that are run or checked", () => {
    const languages = new Set(blocksOf(name).map(({ language }) => language));
    expect(["sh", "yaml", "ts", "python", "json", "mermaid", "text"]).toEqual(
      expect.arrayContaining([...languages]),
    );
  });
});

test("the index names every page", () => {
  const index = readPage("README.md");
  for (const name of pageNames) if (!name.endsWith("README.md")) expect(index).toContain(`(${name})`);
});

test.each(blocksIn("yaml").map((block) => [block.place, block.text]))(
  "the configuration at %s is valid, and its names fit together",
  async (_place, text) => {
    const variables = [...text.matchAll(/\$\{(\w+)/g)].map(([, variable = ""]) => [variable, "k"]);
    const loaded = await loadText(text, Object.fromEntries(variables));
    const discovery = { environment: true, engines: false };
    const sources = await gatherSources({ ...loaded.config, discovery }, {});
    const engineIds = new Set<string>(usualPlaces.map(({ engine }) => engine));
    const { channels } = compileConfig(loaded, { ...sources, engineIds });
    const unpriced = channels.filter(({ price }) => price === undefined).map(({ id }) => id);
    const named = [...text.matchAll(/\b[\w-]+\/[\w.-]+\b/g)].map(([id]) => id);
    expect(unpriced.filter((id) => named.includes(id))).toEqual([]);
  },
);

test.each(blocksIn("json").map((block) => [block.place, block.text]))("%s is JSON", (_place, text) => {
  for (const line of text.trim().split("\n")) expect(() => JSON.parse(line) as unknown).not.toThrow();
});

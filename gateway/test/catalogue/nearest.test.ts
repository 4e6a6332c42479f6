import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCatalogue } from "../../src/catalogue/catalogue.ts";
import { nearestNames } from "../../src/catalogue/nearest.ts";

const names = [
  "openai/gpt-4o",
  "openai/gpt-4o-mini",
  "anthropic/claude-sonnet-4-5",
  "meta/llama-3.3-70b",
  "o3",
];

describe("nearestNames", () => {
  it.each([
    ["gpt4o", "openai/gpt-4o"],
    ["openai/gpt-4o-mnii", "openai/gpt-4o-mini"],
    ["Claude-Sonet-4-5", "anthropic/claude-sonnet-4-5"],
    ["claude-sonnet", "anthropic/claude-sonnet-4-5"],
    ["azure/llama-3.3-70b", "meta/llama-3.3-70b"],
    ["o4", "o3"],
  ])("finds for %s the name %s", (asked, expected) => {
    expect(nearestNames(asked, names)[0]).toBe(expected);
  });

  it("finds nothing where nothing is alike", () => {
    for (const asked of ["", "zzzzzzzz", "x".repeat(5_000), "gpt-4o".repeat(100)]) {
      expect(nearestNames(asked, names)).toEqual([]);
    }
  });

  it("puts a name that is there before all others, and gives only names it was given", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1 }), (given) => {
        for (const asked of given) {
          const found = nearestNames(asked, given);
          expect(found.length).toBeLessThanOrEqual(3);
          expect(found[0]?.toLowerCase()).toBe(asked.toLowerCase());
          for (const name of found) expect(given).toContain(name);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("knows thousands of names", () => {
    const catalogue = openCatalogue();
    const all = catalogue.vendors().flatMap(({ id }) => catalogue.channels(id).map((facts) => facts.model));
    expect(all.length).toBeGreaterThan(4_000);
    expect(nearestNames("openai/gpt-4.1-mni", all)[0]).toBe("openai/gpt-4.1-mini");
  });
});

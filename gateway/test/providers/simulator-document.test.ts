import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { simModels } from "../../src/providers/sim/sim-models.ts";
import { nonsenses, simSettings } from "../../src/providers/sim/sim-settings.ts";

const rows = readFileSync(new URL("../../../docs/simulator.md", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const cells = line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, ""));
    return [cells[0]?.replaceAll("`", "") ?? "", cells[1] ?? ""] as const;
  });

describe("docs/simulator.md", () => {
  test("has every model, setting and nonsense, in order, and no other", () => {
    expect(rows.map(([name]) => name)).toEqual([
      ...simModels.map((name) => `sim/${name}`),
      ...[...simSettings.keys()].sort(byPlace),
      ...nonsenses,
    ]);
  });

  test("says what each setting takes, in the words of its error", () => {
    const takes = new Map(rows);
    for (const [name, { expected }] of simSettings) expect([name, takes.get(name)]).toEqual([name, expected]);
  });
});

/** The document orders settings by what they are about. */
function byPlace(left: string, right: string): number {
  const place = (name: string): number => rows.findIndex(([each]) => each === name);
  return place(left) - place(right);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { temporaryFolder } from "../storage/temporary-folder.ts";

const script = fileURLToPath(new URL("./crashing-gateway.ts", import.meta.url));

/** Runs a gateway's ledger until it has said `lines` lines, then kills it. Gives the ids that it opened and settled. */
async function runUntilKilled(folder: string, generation: number, lines: number) {
  const said = join(folder, `said-${generation}`);
  const child = spawn(process.execPath, [script, folder, String(generation), said], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= lines) child.kill("SIGKILL");
  }
  const [, signal] = await exited;
  expect(signal).toBe("SIGKILL");
  const words = readFileSync(said, "utf8").split("\n").slice(0, -1);
  const of = (mark: string) => words.filter((word) => word.startsWith(mark)).map((word) => word.slice(2));
  return { opened: of("+"), settled: of("-") };
}

describe("the ledger of a process that is killed", () => {
  it("has every call exactly once after the next start, and balances", async () => {
    const folder = temporaryFolder();
    const opened = new Set<string>();
    const settled = new Set<string>();
    // The second process recovers what the first left, and is killed in turn.
    for (const generation of [1, 2, 3]) {
      const run = await runUntilKilled(folder, generation, 300 + Math.floor(Math.random() * 3_000));
      for (const id of run.opened) opened.add(id);
      for (const id of run.settled) settled.add(id);
    }
    const store = await openSqliteStore({ folder, sole: true, onProblem: (message) => expect.fail(message) });
    const ledger = openLedger({
      folder: join(folder, "journal"),
      calls: store.calls,
      clock: systemClock,
      priceOf: () => ({ input: 1_000_000_000n }),
      onProblem: (message) => expect.fail(message),
      onRecovered: () => {},
    });
    await ledger.flush(20_000);
    expect(ledger.pending).toBe(0);
    ledger.close();
    expect(readdirSync(join(folder, "journal"))).toEqual([]);

    const rows = await store.calls.requests({ limit: 1_000_000 });
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(opened.difference(new Set(ids)).size).toBe(0);
    // Each kill may have come between a call's being opened and its being said.
    expect(new Set(ids).difference(opened).size).toBeLessThanOrEqual(3);
    for (const row of rows) {
      const expected = row.outcome === "success" ? "reported" : "estimated";
      expect([row.id, row.usageSource]).toEqual([row.id, expected]);
      if (settled.has(row.id)) expect([row.id, row.outcome]).toEqual([row.id, "success"]);
    }
    expect(rows.filter(({ outcome }) => outcome === "crashed").length).toBeGreaterThan(0);
    const balances = await store.calls.balances();
    const total = rows.reduce((sum, { amount }) => sum + amount, 0n);
    expect(balances).toEqual([
      { account: "expense:shop", amount: total },
      { account: "payable:openai", amount: -total },
    ]);
    await store.close();
  });
});

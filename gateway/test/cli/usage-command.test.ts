import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type UsageFlags, usageCommand } from "../../src/cli/usage-command.ts";
import type { Surroundings } from "../../src/config/config-paths.ts";
import { systemClock } from "../../src/core/clock.ts";
import { randomToken } from "../../src/core/ids.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import { createKey } from "../../src/identity/create-key.ts";
import { settledCall } from "../../src/storage/settled-call.ts";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { sampleSettlement } from "../storage/samples.ts";
import { FakeTerminal } from "./fake-terminal.ts";

const day = 86_400_000;
const startOfDays = Date.UTC(2026, 10, 20);

function settlement(id: string, change: Partial<Settlement>): Settlement {
  return sampleSettlement(id, {
    at: startOfDays,
    endedAt: startOfDays + 1000,
    keyId,
    project: "search",
    usage: { inputTokens: 1000, outputTokens: 200 },
    cost: [{ unit: "input", quantity: 1000, price: 2_500_000_000n, amount: 2_500_000n }],
    ...change,
  });
}

const folder = mkdtempSync(join(tmpdir(), "entente-usage-"));
const surroundings: Surroundings = { environment: {}, workingFolder: folder, homeFolder: folder };
let keyId = "";

/** Three calls by one key: two on the first day, one with unknown usage on the second. */
beforeAll(async () => {
  const store = await openSqliteStore({
    folder: join(folder, "data"),
    sole: false,
    onProblem: (message) => {
      throw new Error(message);
    },
  });
  const sources = { clock: systemClock, random: randomToken };
  const { stored } = await createKey(
    store.keys,
    { kind: "project", project: "search", name: "web" },
    sources,
  );
  keyId = stored.id;
  const { usage: _usage, ...unknown } = settlement("c", {
    at: startOfDays + day,
    outcome: "failed",
    usageSource: "none",
    cost: [],
  });
  const calls = [
    settlement("a", {}),
    settlement("b", { usageSource: "estimated", estimateMethod: "relayed-bytes" }),
    unknown,
  ];
  await store.calls.post(calls.map((call) => settledCall(call, [])));
  await store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function usage(flags: Partial<UsageFlags>): Promise<FakeTerminal> {
  const terminal = new FakeTerminal();
  await usageCommand({ by: "day", data: "data", ...flags }, surroundings, terminal);
  return terminal;
}

test("calls are summed by day, with a total, and unknown counts are not zeros", async () => {
  const terminal = await usage({});
  expect(terminal.output.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["day", "calls", "failed", "estimated", "input", "cached", "output", "cost (USD)"],
    ["2026-11-20", "2", "0", "1", "2,000", "-", "400", "0.005"],
    ["2026-11-21", "1", "1", "0", "-", "-", "-", "0.00"],
    ["total", "3", "1", "1", "2,000", "-", "400", "0.005"],
    [""],
  ]);
});

test("by key, the key's name stands beside its id", async () => {
  const terminal = await usage({ by: "key" });
  expect(terminal.output).toMatch(new RegExp(`^web \\(${keyId}\\) +3 +1 +1 +2,000 +- +400 +0\\.005$`, "m"));
});

describe("a span of time", () => {
  test("is from a date until before another", async () => {
    const terminal = await usage({ by: "model", from: "2026-11-20", until: "2026-11-21", json: true });
    expect(terminal.json).toEqual([
      {
        group: "openai/gpt-4o",
        calls: 2,
        failed: 0,
        estimated: 1,
        inputTokens: 2000,
        outputTokens: 400,
        costUsd: "0.005",
      },
    ]);
  });

  test("without calls says so", async () => {
    const terminal = await usage({ until: "2020-01-01" });
    expect([terminal.output, terminal.notes]).toEqual(["", "No calls in that time.\n"]);
  });

  test("of no known form is refused", async () => {
    await expect(usage({ from: "yesterday" })).rejects.toThrow("--from: expected a date");
  });
});

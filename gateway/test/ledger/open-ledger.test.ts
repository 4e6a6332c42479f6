import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/core/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import type { Price } from "../../src/core/money.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import { type LedgerOptions, type OpenLedger, openLedger } from "../../src/ledger/open-ledger.ts";
import { type SettledCall, StoreError } from "../../src/storage/port.ts";
import { readCall } from "../storage/read-call.ts";
import { sampleSettlement, settledCall } from "../storage/samples.ts";
import { temporaryFolder } from "../storage/temporary-folder.ts";
import { sampleIntent } from "./sample-intent.ts";

/** Time that passes at once for pauses, and only when told for deadlines. */
class TestClock implements Clock {
  readonly pauses: number[] = [];
  #deadlines: (() => void)[] = [];

  now = () => 0;
  monotonic = () => 0;

  after(milliseconds: number, action: () => void): () => void {
    if (milliseconds > 5_000) {
      this.#deadlines.push(action);
      return () => {
        this.#deadlines = this.#deadlines.filter((one) => one !== action);
      };
    }
    this.pauses.push(milliseconds);
    const timer = setImmediate(action);
    return () => clearImmediate(timer);
  }

  passDeadlines(): void {
    for (const action of this.#deadlines.splice(0)) action();
  }
}

/** A store in memory that fails as told. */
class TestCalls {
  readonly rows = new Map<string, ReturnType<typeof readCall>>();
  /** What the next answers fail with; undefined: they succeed. */
  failing: (calls: readonly SettledCall[]) => StoreError | undefined = () => undefined;
  batches: number[] = [];

  post(calls: readonly SettledCall[]): Promise<void> {
    this.batches.push(calls.length);
    const error = this.failing(calls);
    if (error !== undefined) return Promise.reject(error);
    for (const call of calls) if (!this.rows.has(call.id)) this.rows.set(call.id, readCall(call));
    return Promise.resolve();
  }

  posted(ids: readonly string[]): Promise<Set<string>> {
    const error = this.failing([]);
    return error === undefined
      ? Promise.resolve(new Set(ids.filter((id) => this.rows.has(id))))
      : Promise.reject(error);
  }
}

interface Bench {
  readonly ledger: OpenLedger;
  readonly calls: TestCalls;
  readonly clock: TestClock;
  readonly problems: string[];
  readonly recovered: number[];
}

function bench(folder: string, changes: Partial<LedgerOptions> = {}, calls = new TestCalls()): Bench {
  const clock = new TestClock();
  const problems: string[] = [];
  const recovered: number[] = [];
  const ledger = openLedger({
    folder,
    calls,
    clock,
    priceOf: () => ({ input: 1_000_000_000n, output: 2_000_000_000n }),
    onProblem: (message) => problems.push(message),
    onRecovered: (count) => recovered.push(count),
    groupDelay: 0,
    ...changes,
  });
  return { ledger, calls, clock, problems, recovered };
}

const down = () => new StoreError("unavailable", "down");
const ids = (count: number) => Array.from({ length: count }, (_, index) => `call_${index}`);

describe("the ledger", () => {
  it("posts what is settled, with its postings, and is then done with it", async () => {
    const { ledger, calls } = bench(temporaryFolder());
    ledger.open(sampleIntent("call_1"));
    expect(ledger.pending).toBe(1);
    ledger.settle(sampleSettlement("call_1"));
    expect(calls.rows.size).toBe(0);
    await ledger.flush(10_000);
    expect(calls.rows.get("call_1")?.postings.map(({ amount }) => amount)).toEqual([250_000n, -250_000n]);
    expect(ledger.pending).toBe(0);
    ledger.close();
  });

  it("takes the first of two settlements of a call", async () => {
    const { ledger, calls } = bench(temporaryFolder());
    ledger.open(sampleIntent("call_1"));
    ledger.settle(sampleSettlement("call_1"));
    ledger.settle(sampleSettlement("call_1", { outcome: "failed" }));
    await ledger.flush(10_000);
    ledger.settle(sampleSettlement("call_1", { outcome: "failed" }));
    await ledger.flush(10_000);
    expect(calls.rows.get("call_1")?.settlement.outcome).toBe("success");
    ledger.close();
  });

  it("does not wait in flush for calls that are still running", async () => {
    const { ledger } = bench(temporaryFolder());
    ledger.open(sampleIntent("call_1"));
    await ledger.flush(10_000);
    expect(ledger.pending).toBe(1);
    ledger.close();
  });

  it("groups what settles at once", async () => {
    const { ledger, calls } = bench(temporaryFolder());
    for (const id of ids(2_400)) ledger.settle(sampleSettlement(id));
    await ledger.flush(10_000);
    expect(calls.batches).toEqual([1_000, 1_000, 400]);
    ledger.close();
  });

  it("tries again with growing pauses while the store fails, says so once, and loses nothing", async () => {
    const { ledger, calls, clock, problems } = bench(temporaryFolder());
    let failures = 9;
    calls.failing = () => (failures-- > 0 ? down() : undefined);
    for (const id of ids(10)) ledger.settle(sampleSettlement(id));
    await ledger.flush(10_000);
    expect([...calls.rows.keys()]).toEqual(ids(10));
    expect(clock.pauses).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(problems).toEqual(["The store does not take calls now; they wait in the journal."]);
    ledger.close();
  });

  it("keeps memory bounded while the store is down, and posts from the journal what it had no room for", async () => {
    const { ledger, calls } = bench(temporaryFolder(), {
      mostInMemory: 20,
      journalLimits: { fileBytes: 5_000, mostBytes: 1_000_000 },
    });
    let failures = 3;
    calls.failing = () => (failures-- > 0 ? down() : undefined);
    for (const id of ids(500)) {
      ledger.open(sampleIntent(id));
      ledger.settle(sampleSettlement(id));
    }
    await ledger.flush(10_000);
    expect([...calls.rows.keys()].toSorted()).toEqual(ids(500).toSorted());
    expect(calls.batches.slice(0, 4)).toEqual([20, 20, 20, 20]);
    expect(ledger.pending).toBe(0);
    ledger.close();
  });

  it("goes on where a call cannot be written down, and says so", async () => {
    const { ledger, calls, problems } = bench(temporaryFolder());
    const usage = { inputTokens: 1n } as unknown as Settlement["usage"];
    ledger.open(sampleIntent("call_1"));
    ledger.settle(sampleSettlement("call_1", { usage }));
    ledger.settle(sampleSettlement("call_2"));
    await expect(ledger.flush(10_000)).rejects.toThrow("1 calls are not in the store");
    expect([...calls.rows.keys()]).toEqual(["call_2"]);
    expect(problems).toEqual(["Call call_1 cannot be written down; its intent stays in the journal."]);
    expect(ledger.pending).toBe(1);
  });

  it("posts the others where the store refuses one call, and keeps that one in the journal", async () => {
    const folder = temporaryFolder();
    const { ledger, calls, problems } = bench(folder);
    calls.failing = (batch) =>
      batch.some(({ id }) => id === "call_3") ? new StoreError("failed", "no") : undefined;
    for (const id of ids(8)) ledger.settle(sampleSettlement(id));
    await expect(ledger.flush(10_000)).rejects.toThrow("1 calls are not in the store");
    ledger.settle(sampleSettlement("call_8"));
    await expect(ledger.flush(10_000)).rejects.toThrow("1 calls are not in the store");
    expect([...calls.rows.keys()]).toEqual(ids(9).filter((id) => id !== "call_3"));
    expect(ledger.pending).toBe(1);
    expect(problems).toEqual([
      "The store refuses call call_3; it stays in the journal and is tried again at the next start.",
    ]);
    ledger.close();
    const next = bench(folder);
    await next.ledger.flush(10_000);
    expect([...next.calls.rows.keys()]).toContain("call_3");
    next.ledger.close();
  });

  it("rejects a flush at its deadline", async () => {
    const { ledger, calls, clock } = bench(temporaryFolder());
    calls.failing = down;
    ledger.settle(sampleSettlement("call_1"));
    const flushed = ledger.flush(10_000);
    clock.passDeadlines();
    await expect(flushed).rejects.toThrow("1 calls are not in the store");
    ledger.close();
  });

  it("refuses a call that cannot be noted", () => {
    const { ledger, problems } = bench(temporaryFolder(), {
      journalLimits: { fileBytes: 100, mostBytes: 300 },
    });
    expect(() => {
      for (const id of ids(10)) ledger.open(sampleIntent(id));
    }).toThrow(Fault);
    expect(problems).toEqual(["A call could not be noted in the journal and was refused."]);
    ledger.close();
  });

  it("settles from memory where the journal cannot be written", async () => {
    const folder = temporaryFolder();
    const { ledger, calls, problems } = bench(folder, {
      journalLimits: { fileBytes: 1, mostBytes: 1_000_000 },
    });
    ledger.open(sampleIntent("call_1"));
    rmSync(folder, { recursive: true });
    ledger.settle(sampleSettlement("call_1"));
    ledger.settle(sampleSettlement("call_2"));
    await ledger.flush(10_000);
    expect([...calls.rows.keys()]).toEqual(["call_1", "call_2"]);
    expect(problems).toContain("A settlement could not be written to the journal; it is kept in memory.");
  });
});

describe("the ledger after a crash", () => {
  const crash = async (folder: string, act: (ledger: OpenLedger) => void) => {
    const { ledger, calls } = bench(folder);
    calls.failing = down;
    act(ledger);
    // To the end of the turn, when settlements are written down.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    // No close: the process is gone, with nothing in the store.
  };

  it("posts settled calls as they were and open ones as crashed, estimated from their size", async () => {
    const folder = temporaryFolder();
    await crash(folder, (ledger) => {
      for (const id of ["call_1", "call_2"]) ledger.open(sampleIntent(id));
      ledger.settle(sampleSettlement("call_2"));
    });
    const { ledger, calls, recovered } = bench(folder);
    await ledger.flush(10_000);
    expect(calls.rows.get("call_2")?.settlement).toEqual(sampleSettlement("call_2"));
    expect(calls.rows.get("call_1")?.settlement).toEqual({
      ...sampleIntent("call_1"),
      outcome: "crashed",
      error: "internal",
      endedAt: 1_000,
      attempts: 1,
      usage: { inputTokens: 100 },
      usageSource: "estimated",
      estimateMethod: "intent-bytes",
      cost: [{ unit: "input", quantity: 100, price: 1_000_000_000n, amount: 100_000n }],
      free: false,
    });
    expect(recovered).toEqual([2]);
    expect(ledger.pending).toBe(0);
    ledger.close();
  });

  it.each<[string, Price | undefined, object]>([
    ["free", "free", { free: true, cost: [], error: "internal" }],
    ["no longer priced", undefined, { free: false, cost: [], error: "model_unpriced" }],
  ])("says so where the channel is %s", async (_, price, expected) => {
    const folder = temporaryFolder();
    await crash(folder, (ledger) => ledger.open(sampleIntent("call_1")));
    const { ledger, calls } = bench(folder, { priceOf: () => price });
    await ledger.flush(10_000);
    expect(calls.rows.get("call_1")?.settlement).toMatchObject(expected);
    ledger.close();
  });

  it("leaves alone what was posted already, and recovers nothing twice", async () => {
    const folder = temporaryFolder();
    await crash(folder, (ledger) => {
      for (const id of ids(5)) ledger.open(sampleIntent(id));
    });
    const calls = new TestCalls();
    await calls.post([settledCall("call_0")]);
    const second = bench(folder, {}, calls);
    await second.ledger.flush(10_000);
    expect(second.recovered).toEqual([4]);
    expect(calls.rows.get("call_0")?.settlement.outcome).toBe("success");
    second.ledger.close();
    const third = bench(folder, {}, calls);
    await third.ledger.flush(10_000);
    expect(third.recovered).toEqual([]);
    third.ledger.close();
  });

  it("recovers while the store is down at first, and takes new calls meanwhile", async () => {
    const folder = temporaryFolder();
    await crash(folder, (ledger) => ledger.open(sampleIntent("call_old")));
    const calls = new TestCalls();
    let failures = 4;
    calls.failing = () => (failures-- > 0 ? down() : undefined);
    const { ledger } = bench(folder, {}, calls);
    ledger.open(sampleIntent("call_new"));
    ledger.settle(sampleSettlement("call_new"));
    await ledger.flush(10_000);
    expect([...calls.rows.keys()].toSorted()).toEqual(["call_new", "call_old"]);
    ledger.close();
  });
});

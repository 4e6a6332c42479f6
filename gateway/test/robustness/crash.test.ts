import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { RequestRow } from "../../src/storage/port.ts";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { ask, type Door } from "./ask.ts";
import { answerWhole, beginStream, lastFrames, refuseWith, textFrame } from "./chat-vendor.ts";
import { GatewayFolder } from "./gateway-process.ts";
import { seeded } from "./seeded.ts";
import { openUpstream, type Visit } from "./upstream.ts";

const concurrency = 200;
const rounds = 4;
/** Every call's body has a size of its own, by which its row is found again. */
const smallest = 1000;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function bodyOf(call: number): string {
  const body = (padding: string) =>
    JSON.stringify({
      model: "work",
      stream: call % 2 === 0,
      user: `call ${call}`,
      messages: [{ role: "user", content: padding }],
    });
  return body("x".repeat(smallest + call - body("").length));
}

const usageOf = (call: number) => ({ prompt: 100 + (call % 50), completion: 7 + (call % 5) });

/** Serves every call once, plain or streamed, at a pace of its own; a few are refused by the first channel. */
function vendor(random: () => number) {
  const served = new Map<number, number>();
  let goal = { count: 0, reached: () => {} };
  const answer = async (visit: Visit) => {
    const call = Number(String(visit.body["user"]).slice("call ".length));
    if (visit.path.startsWith("/one/") && call % 17 === 0) {
      refuseWith(visit, 503, "server_error");
      return;
    }
    served.set(call, (served.get(call) ?? 0) + 1);
    if (served.size === goal.count) goal.reached();
    await pause(random() * 60);
    if (visit.body["stream"] !== true) {
      answerWhole(visit, "some words", usageOf(call));
      return;
    }
    beginStream(visit);
    for (let word = 0; word < 5; word += 1) {
      visit.response.write(textFrame(`word ${word} `));
      await pause(random() * 20);
    }
    visit.response.end(lastFrames(usageOf(call)));
  };
  return {
    served,
    answer: (visit: Visit) => void answer(visit),
    /** Resolves when so many more calls were served. */
    servedMore: (more: number) =>
      new Promise<void>((reached) => {
        goal = { count: served.size + more, reached };
      }),
  };
}

/** Keeps so many calls running, one after the other, until the gateway is gone. */
async function drive(door: Door, calls: { next: number }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const worker = async () => {
    for (;;) {
      const body = bodyOf(calls.next);
      calls.next += 1;
      try {
        await ask(door, { body, agent });
      } catch {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  agent.destroy();
}

async function readStore(folder: string) {
  const store = await openSqliteStore({ folder, sole: false, onProblem: () => {} });
  const rows: RequestRow[] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = await store.calls.requests({
      limit: 500,
      ...(last === undefined ? {} : { before: last.at, beforeId: last.id }),
    });
    rows.push(...page);
    if (page.length < 500) break;
  }
  const balances = await store.calls.balances();
  await store.close();
  return { rows, balances };
}

/** A dollar is 10^9 nano-dollars, and prices are for a million tokens: 1 USD input, 2 USD output. */
const expectedAmount = (input: number, output: number) => BigInt(input) * 1000n + BigInt(output) * 2000n;

function checkRow(row: RequestRow, served: ReadonlyMap<number, number>): void {
  const call = row.inputBytes - smallest;
  const { prompt, completion } = usageOf(call);
  const times = served.get(call) ?? 0;
  switch (row.outcome) {
    case "success":
      expect(times, `call ${call}`).toBe(1);
      expect([row.usageSource, row.usage]).toMatchObject([
        "reported",
        { inputTokens: prompt, outputTokens: completion },
      ]);
      expect(row.amount).toBe(expectedAmount(prompt, completion));
      break;
    case "crashed":
      expect([row.usageSource, row.estimateMethod]).toEqual(["estimated", "intent-bytes"]);
      expect(row.amount).toBe(expectedAmount(Math.ceil(row.inputBytes / 4), 0));
      break;
    default:
      expect.unreachable(
        `call ${call} ended as ${row.outcome}: ${row.error} on ${row.channel} after ${row.attempts}, served ${times}`,
      );
  }
}

it("finds exactly one row for every call that was served, and a ledger that balances, after each SIGKILL", async () => {
  const random = seeded(20_261_123);
  const { served, answer, servedMore } = vendor(random);
  const upstream = await openUpstream(answer);
  closers.push(() => upstream.stop());
  const provider = (name: string) =>
    `  ${name}: {kind: openai-compatible, baseUrl: "${upstream.url}/${name}/v1", apiKey: k, models: [m], price: {input: 1, output: 2}}`;
  const folder = await GatewayFolder.make(
    [
      "log: {level: error}",
      "retries: {budget: 1}",
      "providers:",
      provider("one"),
      provider("two"),
      'routes: {work: ["one/m", "two/m"]}',
    ].join("\n"),
  );
  closers.push(() => folder.remove());

  const calls = { next: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const gateway = await folder.start();
    const moment = servedMore(100 + Math.floor(random() * 500));
    const driving = drive({ url: gateway.url, key: folder.key }, calls);
    await moment;
    expect(await gateway.end("SIGKILL")).toBe("SIGKILL");
    await driving;
  }
  const last = await folder.start();
  expect(await last.end("SIGTERM")).toBe(0);

  const { rows, balances } = await readStore(folder.data);
  const rowsByCall = Map.groupBy(rows, ({ inputBytes }) => inputBytes - smallest);
  for (const [call, times] of served) {
    expect(times, `call ${call} went out`).toBe(1);
    expect(rowsByCall.get(call)?.length, `rows of call ${call}`).toBe(1);
  }
  for (const row of rows) checkRow(row, served);
  expect(rowsByCall.size).toBe(rows.length);
  const outcomes = Map.groupBy(rows, ({ outcome }) => outcome);
  // Every round left calls in the middle, and had finished some.
  expect(outcomes.get("crashed")?.length).toBeGreaterThan(rounds * 20);
  expect(outcomes.get("success")?.length).toBeGreaterThan(rounds * 20);
  expect(served.size).toBeGreaterThan(rounds * concurrency);

  const total = rows.reduce((sum, row) => sum + row.amount, 0n);
  const account = (name: string) => balances.find((balance) => balance.account === name)?.amount;
  expect(balances.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
  expect(account("expense:default")).toBe(total);
  for (const provider of ["one", "two"]) {
    const owed = rows.filter((row) => row.provider === provider).reduce((sum, row) => sum + row.amount, 0n);
    expect(account(`payable:${provider}`)).toBe(-owed);
  }
}, 40_000);

import { Agent } from "node:http";
import { expect, it } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite/open-store.ts";
import { ask, LiveAnswer, question } from "./ask.ts";
import { answerWhole, beginStream, lastFrames, textFrame } from "./chat-vendor.ts";
import { GatewayFolder } from "./gateway-process.ts";
import { chatProvider, whenDone } from "./test-house.ts";
import { openUpstream, type Visit } from "./upstream.ts";

const usage = { prompt: 100, completion: 10 };

async function open(answer: (visit: Visit) => void, config = "") {
  const upstream = await openUpstream(answer);
  whenDone(() => upstream.stop());
  const folder = await GatewayFolder.make(`${config}\nproviders:\n${chatProvider("vendor", upstream.url)}\n`);
  whenDone(() => folder.remove());
  const process = await folder.start();
  return { folder, process, upstream, door: { url: process.url, key: folder.key } };
}

async function rowsIn({ data }: GatewayFolder) {
  const store = await openSqliteStore({ folder: data, sole: false, onProblem: () => {} });
  const rows = await store.calls.requests({ limit: 500 });
  const balances = await store.calls.balances();
  await store.close();
  expect(balances.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
  return rows;
}

async function refusesConnections(url: string): Promise<void> {
  await expect
    .poll(
      () =>
        ask({ url, key: "" }, { method: "GET", path: "/health" }).then(
          String,
          (error: { code: string }) => error.code,
        ),
      {
        interval: 5,
      },
    )
    .toBe("ECONNREFUSED");
}

it("on SIGTERM takes no more connections, lets calls finish, settles them and exits 0", async () => {
  const visits: Visit[] = [];
  const { folder, process, door } = await open((visit) => {
    visits.push(visit);
    if (visit.body["stream"] !== true) return;
    beginStream(visit);
    visit.response.write(textFrame("before"));
  });
  // Kept connections: an idle one, and one whose call runs on.
  const agent = new Agent({ keepAlive: true });
  whenDone(async () => agent.destroy());
  await ask(door, { method: "GET", path: "/health", agent });
  const clients = [
    new LiveAnswer(door, { body: question("vendor/m", { stream: true }), agent }),
    new LiveAnswer(door, {
      path: "/v1/messages",
      body: question("vendor/m", { stream: true, max_tokens: 50 }),
      agent,
    }),
  ];
  for (const client of clients) await client.until(({ text }) => text.includes("before"));
  const whole = new LiveAnswer(door, { body: question("vendor/m"), agent });
  await expect.poll(() => visits.length, { interval: 5 }).toBe(3);

  const exited = process.end("SIGTERM");
  await refusesConnections(process.url);
  for (const visit of visits) {
    if (visit.body["stream"] === true) visit.response.end(textFrame("after") + lastFrames(usage));
    else answerWhole(visit, "after", usage);
  }
  for (const client of [...clients, whole]) {
    await client.ended();
    expect([client.over, client.text.includes("after")]).toEqual(["end", true]);
  }
  const finished = performance.now();
  expect(await exited).toBe(0);
  // The connections that the clients keep open do not hold it up.
  expect(performance.now() - finished).toBeLessThan(3000);
  const rows = await rowsIn(folder);
  expect(rows.map(({ outcome, usageSource }) => [outcome, usageSource])).toEqual(
    Array.from({ length: 3 }, () => ["success", "reported"]),
  );
});

it("beyond the grace ends streams in the dialect's error event, tells waiting callers, and still settles", async () => {
  const { folder, process, door, upstream } = await open((visit) => {
    if (visit.body["user"] === "waits") return;
    if (visit.body["user"] === "retries") {
      visit.response.writeHead(503, { "retry-after": "9", "content-type": "application/json" }).end("{}");
      return;
    }
    beginStream(visit);
    visit.response.write(textFrame("before "));
  }, "limits: {shutdownGrace: 300ms}");
  const streamed = { stream: true, max_tokens: 50 };
  const chat = new LiveAnswer(door, { body: question("vendor/m", streamed) });
  const messages = new LiveAnswer(door, { path: "/v1/messages", body: question("vendor/m", streamed) });
  for (const client of [chat, messages]) await client.until(({ text }) => text.includes("before"));
  const waiting = new LiveAnswer(door, { body: question("vendor/m", { user: "waits" }) });
  const retrying = new LiveAnswer(door, { body: question("vendor/m", { user: "retries" }) });
  await expect.poll(() => upstream.visits.length, { interval: 5 }).toBe(4);

  const began = performance.now();
  expect(await process.end("SIGTERM")).toBe(0);
  expect(performance.now() - began).toBeLessThan(4000);
  for (const client of [chat, messages, waiting, retrying]) await client.ended();
  expect(chat.text).toMatch(
    /data: \{"error":\{"message":"This server is stopping[^\n]*"code":"shutting_down"\}\}\n\n$/,
  );
  expect(messages.text).toMatch(
    /event: error\ndata: \{"type":"error"[^\n]*This server is stopping[^\n]*\n\n$/,
  );
  for (const client of [waiting, retrying]) {
    expect([client.status, JSON.parse(client.text)]).toMatchObject([
      503,
      { error: { code: "shutting_down" } },
    ]);
  }
  const rows = await rowsIn(folder);
  expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 4 }, () => "shutdown"));
  expect(rows.map(({ usageSource }) => usageSource).toSorted()).toEqual([
    "estimated",
    "estimated",
    "estimated",
    "none",
  ]);
});

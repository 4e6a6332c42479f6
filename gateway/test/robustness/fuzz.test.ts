import { Agent } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Answer, ask, type Door, type Wish } from "./ask.ts";
import { answerAsAsked, refuseWith } from "./chat-vendor.ts";
import { prompt, wellFormed } from "./fuzz-bodies.ts";
import { GatewayFolder, type GatewayProcess } from "./gateway-process.ts";
import { mutated, pick } from "./mutations.ts";
import { nonsense, oddities, say, spoiledStreams } from "./nonsense-answers.ts";
import { seeded } from "./seeded.ts";
import { chatProvider, messagesProvider } from "./test-house.ts";
import { openRawUpstream, openUpstream, type RawUpstream, type Upstream } from "./upstream.ts";

const requests = 10_000;
const concurrency = 48;
/** A request that takes longer hangs. */
const patience = 15_000;

/** Secrets that must never come out, wherever they were put in. */
const vendorKey = "sk-planted-0123456789abcdefghijklmnop";

// Those that never end would only measure patience.
const quickNonsense = Object.entries({ ...nonsense, ...spoiledStreams, ...oddities }).flatMap(
  ([name, answer]) => (/without end|17 MiB|silent|deep/.test(name) ? [] : [answer]),
);

const models = [
  "vendor/m",
  "claude/m",
  "wild/m",
  "both",
  "sim/echo",
  "sim/text",
  "sim/tools",
  "sim/json",
  "sim/reasoning",
  "sim/text?break=2",
  "sim/text?nonsense=html",
  "sim/text?nonsense=truncated",
  "sim/text?fail=529&retry-after=1",
  "sim/text?tokens=3&usage=off",
  "sim/text?bad=1",
  "gpt-4o-mini",
  "m",
  "__proto__",
  "",
];

const headers: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  {},
  { "entente-strict": "true" },
  { "entente-sim": "tokens=2" },
  { "entente-sim": "fail=;;=" },
  { "content-type": "text/plain" },
  { "content-type": "application/json; charset=utf-16" },
  { "anthropic-version": "x", "anthropic-beta": "y" },
  { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
  { accept: "nothing/at-all", "accept-encoding": "br" },
  { "x-api-key": "sk-other" },
];

let folder: GatewayFolder;
let gateway: GatewayProcess;
let steady: Upstream;
let wild: RawUpstream;

beforeAll(async () => {
  const random = seeded(8);
  steady = await openUpstream((visit) => {
    const dice = random();
    if (dice < 0.05)
      refuseWith(
        visit,
        400,
        "invalid_request_error",
        `key ${vendorKey} in /srv/app/main.py says "${prompt}"`,
      );
    else if (dice < 0.08)
      refuseWith(visit, 500, "server_error", `Traceback in /srv/app/main.py: ${vendorKey}`);
    else if (dice < 0.1)
      refuseWith(visit, 401, "invalid_api_key", `Incorrect API key provided: ${vendorKey}`);
    else answerAsAsked(visit, "an answer", { prompt: 10, completion: 3 });
  });
  wild = await openRawUpstream((socket) => say(socket, pick(random, quickNonsense)));
  folder = await GatewayFolder.make(
    [
      "log: {level: trace}",
      "retries: {budget: 0.05}",
      "deadlines: {connect: 1s, firstEvent: 1s, betweenEvents: 1s, total: 5s}",
      "providers:",
      ...[
        chatProvider("vendor", steady.url),
        messagesProvider("claude", steady.url),
        chatProvider("wild", wild.url),
      ].map((line) => line.replace("vendor-secret", vendorKey)),
      'routes: {both: ["wild/m", "vendor/m"]}',
    ].join("\n"),
  );
  gateway = await folder.start();
});

afterAll(async () => {
  await folder.remove();
  await Promise.all([steady.stop(), wild.stop()]);
});

function nextWish(random: () => number, path: string): Wish {
  const body = pick(random, wellFormed[path] ?? []);
  const wish = {
    path:
      random() < 0.01
        ? `${path}${pick(random, ["/", "?a=b", "/x", "%00", "//", "/../models", "?%ff"])}`
        : path,
    body: mutated(random, { ...body, model: random() < 0.9 ? pick(random, models) : body["model"] }),
    headers: pick(random, headers),
  };
  return random() < 0.01 ? { ...wish, key: pick(random, ["", "sk-x", folder.adminKey]) } : wish;
}

function describe(wish: Wish): string {
  const { path, body, headers: sent } = wish;
  const text = typeof body === "string" ? body : Buffer.from(body as Uint8Array).toString("base64");
  return `${path} ${JSON.stringify(sent)} ${text.slice(0, 3000)}`;
}

const stack = /\bat .{1,200}:\d+:\d+|node_modules|node:internal|\.ts:\d+/;

function check(answer: Answer, about: string): void {
  const { status, text } = answer;
  expect(status, about).not.toBe(500);
  expect(status, about).toBeGreaterThanOrEqual(200);
  for (const secret of [vendorKey, folder.key, folder.adminKey, folder.path, "/srv/app", "Traceback"]) {
    if (text.includes(secret) || JSON.stringify(answer.headers).includes(secret))
      expect.unreachable(`${secret} came out: ${about} ${text}`);
  }
  if (stack.test(text)) expect.unreachable(`a stack came out: ${about} ${text}`);
  if (status >= 400) expect(JSON.parse(text), about).toHaveProperty("error.message");
  else if (answer.headers["content-type"]?.startsWith("text/event-stream") === true)
    expect(
      /\[DONE\]|message_stop|response\.(?:completed|incomplete|failed)|"error"/.test(text),
      `${about} ${text.slice(-500)}`,
    ).toBe(true);
  else expect(() => JSON.parse(text) as unknown, about).not.toThrow();
}

async function askInTime(door: Door, wish: Wish, about: string): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer: ${about}`)), patience);
  try {
    return await Promise.race([ask(door, wish), late.promise]);
  } catch (error) {
    throw new Error(`${String(error)}: ${about}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

it.each(Object.keys(wellFormed))(
  `${requests} spoiled requests to %s bring no crash, no hang, no 500 and no secret`,
  async (path) => {
    const random = seeded(path.length);
    const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
    const door = { url: gateway.url, key: folder.key };
    const statuses = new Map<number, number>();
    let sent = 0;
    const worker = async () => {
      while (sent < requests) {
        sent += 1;
        const wish = nextWish(random, path);
        const about = `${sent}: ${describe(wish)}`;
        const answer = await askInTime(door, { ...wish, agent }, about);
        check(answer, about);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    agent.destroy();
    // Spoiled, but not beyond recognition: all of the way is walked.
    const told = JSON.stringify([...statuses]);
    for (const status of [200, 400, 404, 502])
      expect(statuses.get(status), told).toBeGreaterThan(requests / 100);
  },
  60_000,
);

it("nothing of it is in the log that should not be, and every call is settled", async () => {
  expect(await gateway.end("SIGTERM")).toBe(0);
  const { output } = gateway;
  // The keys are shown once, before the first line of the log.
  const log = output.slice(output.indexOf("\n{"));
  expect(log.split("\n").length).toBeGreaterThan(requests);
  for (const secret of [vendorKey, folder.key, folder.adminKey, prompt, "Traceback"])
    expect(log).not.toContain(secret);
  const failures = log.split("\n").filter((line) => /failed here|"level":"(?:error|fatal)"/.test(line));
  expect(failures.slice(0, 5)).toEqual([]);
});

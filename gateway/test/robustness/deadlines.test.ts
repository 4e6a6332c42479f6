import { expect, it } from "vitest";
import { openGateway } from "../end-to-end/open-gateway.ts";
import { ask, LiveAnswer, question } from "./ask.ts";
import { answerAsAsked, beginStream, lastFrames, refuseWith, textFrame } from "./chat-vendor.ts";
import { rowsOf } from "./request-rows.ts";
import { chatProvider, whenDone } from "./test-house.ts";
import { openRawUpstream, openUpstream, type Visit } from "./upstream.ts";

const usage = { prompt: 10, completion: 5 };
const messages = { max_tokens: 100 };

/** The routes `both`, to `slow/m` and then to `fast/m`, which answers at once; and `slowly`, to the first alone. */
async function openBoth(slowUrl: string, limits: string) {
  const fast = await openUpstream((visit) => answerAsAsked(visit, "from the fast one", usage));
  whenDone(() => fast.stop());
  const gateway = await openGateway({
    config: [
      limits,
      "providers:",
      chatProvider("slow", slowUrl),
      chatProvider("fast", fast.url),
      'routes: {both: ["slow/m", "fast/m"], slowly: {steps: ["slow/m"], attempts: 1}}',
    ].join("\n"),
  });
  whenDone(() => gateway.stop());
  return gateway;
}

async function openSlow(answer: (visit: Visit) => void, limits: string) {
  const slow = await openUpstream(answer);
  whenDone(() => slow.stop());
  return openBoth(slow.url, limits);
}

/** Says something again and again, until the caller is gone. */
function drip(visit: Visit, text: string): void {
  const timer = setInterval(() => visit.response.write(text), 20);
  visit.response.on("close", () => clearInterval(timer));
}

const code = (text: string) => (JSON.parse(text) as { error: { code: string } }).error.code;
/** What the last frame of a stream says. */
const lastCode = (text: string) => code(text.slice(text.lastIndexOf("data: ") + "data: ".length));

it.each([false, true])(
  "a provider that cannot be connected to is left in time (stream: %s)",
  async (stream) => {
    // It takes the connection and never answers the handshake of TLS.
    const mute = await openRawUpstream(() => {});
    whenDone(() => mute.stop());
    const gateway = await openBoth(mute.url.replace("http:", "https:"), "deadlines: {connect: 200ms}");
    const answer = await ask(gateway, { body: question("both", { stream }) });
    expect(answer.text).toContain("from the fast one");
    expect(answer.headers["entente-attempts"]).toBe("2");
    const began = performance.now();
    const refused = await ask(gateway, { body: question("slowly", { stream }) });
    expect(performance.now() - began).toBeLessThan(2000);
    expect([502, 504]).toContain(refused.status);
    const [row] = await rowsOf(gateway, 2);
    expect(row).toMatchObject({ usageSource: "none", attempts: 1 });
  },
);

it.each([
  ["says nothing", false, () => {}],
  ["says nothing", true, () => {}],
  [
    "sends a head and comments without end",
    true,
    (visit: Visit) => {
      beginStream(visit);
      drip(visit, ": still working\n\n");
    },
  ],
] as const)(
  "a provider that %s is left when the first event is due (stream: %s)",
  async (_, stream, answer) => {
    const gateway = await openSlow(answer, "deadlines: {firstEvent: 200ms}");
    const rescued = await ask(gateway, { body: question("both", { stream }) });
    expect([rescued.status, rescued.headers["entente-channel"]]).toEqual([200, "fast/m"]);
    expect(rescued.text).toContain("from the fast one");
    const refused = await ask(gateway, { body: question("slowly", { stream }) });
    expect([refused.status, code(refused.text)]).toEqual([504, "provider_timeout"]);
    const [row] = await rowsOf(gateway, 2);
    // It took the request and may bill it.
    expect(row).toMatchObject({ outcome: "timeout", error: "provider_timeout", usageSource: "estimated" });
  },
);

it("a stream that falls silent ends in an error event, in the client's dialect", async () => {
  const gateway = await openSlow((visit) => {
    beginStream(visit);
    visit.response.write(textFrame("a beginning"));
  }, "deadlines: {betweenEvents: 200ms}");
  const chat = await ask(gateway, { body: question("both", { stream: true }) });
  expect(chat.status).toBe(200);
  expect(chat.text).toContain("a beginning");
  expect(lastCode(chat.text)).toBe("provider_timeout");
  expect(chat.text).not.toContain("[DONE]");
  const told = await ask(gateway, {
    path: "/v1/messages",
    body: question("both", { stream: true, ...messages }),
  });
  expect(told.text).toContain("a beginning");
  expect(told.text).toContain('event: error\ndata: {"type":"error"');
  expect(told.text).not.toContain("message_stop");
  for (const row of await rowsOf(gateway, 2)) {
    expect(row).toMatchObject({ outcome: "broken", error: "provider_timeout", usageSource: "estimated" });
  }
});

it("a call that takes too long as a whole is ended, however busy its stream is", async () => {
  const gateway = await openSlow((visit) => {
    if (visit.body["stream"] === true) beginStream(visit);
    else visit.response.writeHead(200, { "content-type": "application/json" });
    drip(visit, visit.body["stream"] === true ? textFrame("and on ") : " ");
  }, "deadlines: {total: 300ms}");
  const streamed = await ask(gateway, { body: question("slowly", { stream: true }) });
  expect(streamed.text).toContain("and on ");
  expect(lastCode(streamed.text)).toBe("provider_timeout");
  const whole = await ask(gateway, { body: question("slowly") });
  expect([whole.status, code(whole.text)]).toEqual([504, "provider_timeout"]);
  const rows = await rowsOf(gateway, 2);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["timeout", "broken"]);
});

it("a client that waits for its stream hears comments, and the call can still go to another channel", async () => {
  let slow: Visit | undefined;
  const gateway = await openSlow((visit) => {
    slow = visit;
  }, "limits: {keepAlive: 50ms}");
  const client = await new LiveAnswer(gateway, { body: question("both", { stream: true }) }).until(
    ({ text }) => text.split(": keep-alive\n\n").length > 2,
  );
  expect([client.status, client.headers["entente-channel"]]).toEqual([200, undefined]);
  if (slow !== undefined) refuseWith(slow, 503, "server_error");
  await client.ended();
  expect(client.text).toMatch(
    /^(: keep-alive\n\n)+: entente-channel: fast\/m, entente-attempts: 2\n\ndata: /,
  );
  expect(client.text).toContain("from the fast one");
  expect(client.text.endsWith("data: [DONE]\n\n")).toBe(true);
});

it("a refusal after comments is told in the stream", async () => {
  let slow: Visit | undefined;
  const gateway = await openSlow((visit) => {
    slow = visit;
  }, "limits: {keepAlive: 50ms}");
  const body = question("slowly", { stream: true, ...messages });
  const client = await new LiveAnswer(gateway, { path: "/v1/messages", body }).until(
    ({ text }) => text !== "",
  );
  if (slow !== undefined) refuseWith(slow, 503, "server_error", "a vendor's words");
  await client.ended();
  expect(client.over).toBe("end");
  expect(client.text).toMatch(/^(: keep-alive\n\n)+event: error\ndata: \{"type":"error"/);
  expect(client.text).not.toContain("a vendor's words");
});

it("comments also fill a silence in the middle of a stream", async () => {
  let visit: Visit | undefined;
  const gateway = await openSlow((arrived) => {
    visit = arrived;
    beginStream(arrived);
    arrived.response.write(textFrame("one"));
  }, "limits: {keepAlive: 50ms}");
  const client = new LiveAnswer(gateway, { body: question("slowly", { stream: true }) });
  await client.until(({ text }) => text.includes("one") && text.includes("\n\n: keep-alive\n\n"));
  visit?.response.end(textFrame("two") + lastFrames(usage));
  await client.ended();
  expect(client.text).toContain("two");
});

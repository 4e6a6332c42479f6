import { expect, it } from "vitest";
import { LiveAnswer, question } from "./ask.ts";
import { beginStream, refuseWith, textFrame } from "./chat-vendor.ts";
import { rowsOf } from "./request-rows.ts";
import { openHouse } from "./test-house.ts";
import type { Visit } from "./upstream.ts";

/** Several, because one alone may hit a moment when this machine is busy with something else. */
const tries = 4;

const messagesQuestion = { ...question("vendor/m"), max_tokens: 100 };
const asked = [
  ["whole", "/v1/chat/completions", question("vendor/m")],
  ["streamed", "/v1/chat/completions", question("vendor/m", { stream: true })],
  ["whole and translated", "/v1/messages", messagesQuestion],
  ["streamed and translated", "/v1/messages", { ...messagesQuestion, stream: true }],
] as const;

it.each(asked)(
  "a client that leaves while it waits for a %s answer cancels upstream within 100 ms",
  async (_, path, body) => {
    const arrived: ((visit: Visit) => void)[] = [];
    const { gateway } = await openHouse((visit) => arrived.shift()?.(visit));
    const delays: number[] = [];
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const { promise, resolve } = Promise.withResolvers<Visit>();
      arrived.push(resolve);
      const client = new LiveAnswer(gateway, { path, body });
      const visit = await promise;
      const left = performance.now();
      client.leave();
      delays.push((await visit.gone) - left);
    }
    expect(Math.min(...delays)).toBeLessThan(100);
    for (const row of await rowsOf(gateway, tries)) {
      expect(row).toMatchObject({
        outcome: "cancelled",
        usageSource: "estimated",
        usage: { outputTokens: 0 },
      });
    }
  },
);

it.each(asked.filter(([how]) => how.startsWith("streamed")))(
  "a client that leaves in the middle of a %s answer cancels upstream and is metered by what it was sent",
  async (_, path, body) => {
    const visits: Visit[] = [];
    const { gateway } = await openHouse((visit) => {
      visits.push(visit);
      beginStream(visit);
      visit.response.write(textFrame("twelve bytes"));
    });
    const delays: number[] = [];
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const client = await new LiveAnswer(gateway, { path, body }).until(({ text }) =>
        text.includes("twelve bytes"),
      );
      const left = performance.now();
      client.leave();
      delays.push(((await visits.at(-1)?.gone) ?? Infinity) - left);
    }
    expect(Math.min(...delays)).toBeLessThan(100);
    for (const row of await rowsOf(gateway, tries)) {
      expect(row).toMatchObject({
        outcome: "cancelled",
        usageSource: "estimated",
        estimateMethod: "relayed-bytes",
        usage: { outputTokens: 3 },
      });
    }
  },
);

it("meters a cancelled stream by what the vendor had reported so far", async () => {
  const { gateway } = await openHouse((visit) => {
    beginStream(visit);
    const frame = (event: { readonly type: string; readonly [field: string]: unknown }) =>
      `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    const usage = { input_tokens: 4321, output_tokens: 1 };
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    };
    visit.response.write(
      frame({ type: "message_start", message }) +
        frame({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }) +
        frame({
          type: "content_block_delta",
          index: 0,
          delta: { type: "text_delta", text: "x".repeat(400) },
        }),
    );
  });
  for (const path of ["/v1/messages", "/v1/chat/completions"]) {
    const body = question("claude/m", { max_tokens: 1000, stream: true });
    const client = await new LiveAnswer(gateway, { path, body }).until(({ text }) => text.includes("xxx"));
    client.leave();
  }
  for (const row of await rowsOf(gateway, 2)) {
    expect(row).toMatchObject({
      outcome: "cancelled",
      usageSource: "estimated",
      usage: { inputTokens: 4321, outputTokens: 100 },
    });
  }
});

it.each(asked)(
  "a client that leaves before a retry of a %s answer is not retried for",
  async (_, path, body) => {
    const { gateway, upstream } = await openHouse((visit) => {
      visit.response.setHeader("retry-after", "8");
      refuseWith(visit, 503, "server_error");
    });
    const client = new LiveAnswer(gateway, { path, body });
    await expect.poll(() => upstream.visits.length, { interval: 5 }).toBe(1);
    client.leave();
    // Settled long before the 8 s are over: nobody waits for them.
    const [row] = await rowsOf(gateway, 1);
    expect(row).toMatchObject({ outcome: "cancelled", usageSource: "none", attempts: 1 });
    expect(upstream.visits.length).toBe(1);
  },
);

import { APIUserAbortError as AnthropicAbort } from "@anthropic-ai/sdk";
import { APIUserAbortError as OpenAIAbort } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allClients, dialectIds } from "./clients/all-clients.ts";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { newestCalls, settledCall } from "./operator.ts";
import { brokenStreams } from "./vendors/broken-streams.ts";
import { providersOf, upstreams } from "./vendors/upstreams.ts";
import { framesInTwo, openVendor, type Script, type Vendor } from "./vendors/vendor-door.ts";

let vendor: Vendor;
let gateway: OpenGateway;
beforeAll(async () => {
  vendor = await openVendor();
  gateway = await openGateway({ config: providersOf(upstreams, vendor.url) });
});
afterAll(async () => {
  await gateway.stop();
  await vendor.stop();
});
beforeEach(() => vendor.forget());

/** Milliseconds in which the vendor hears that nobody listens: 100 of the gateway, the rest for a busy machine. */
const promptly = 500;

/** Answers by `script` and gives the time at which the vendor's connection was closed. */
function watchClose(script: Script): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  vendor.answerNext((heard, response) => {
    response.on("close", () => resolve(performance.now()));
    script(heard, response);
  });
  return promise;
}

const never = new Promise<void>(() => undefined);
const ways = upstreams.filter(({ id }) => id === "openai" || id === "openai-new" || id === "claude");
const crossings = dialectIds.flatMap((client) =>
  ways.map((upstream) => ({ client, upstream, id: upstream.id })),
);

describe.each(crossings)("$client SDK to $id", ({ client, upstream, id }) => {
  const model = `${id}/${upstream.model}`;

  test("an abort in the middle of a stream reaches the vendor, and what came is metered as an estimate", async () => {
    const { start, words } = brokenStreams[upstream.dialect];
    const closed = watchClose(framesInTwo([...start, ...words], [], never));
    const told = await allClients[client](gateway).readStream(model, "Hello", 1);
    const aborted = performance.now();
    expect(told.pieces).toBe(1);
    expect((await closed) - aborted).toBeLessThan(promptly);
    const row = await settledCall(gateway, told.headers.get("entente-request-id"));
    expect(row).toMatchObject({
      outcome: "cancelled",
      attempts: 1,
      channel: model,
      usageSource: "estimated",
    });
    expect(row.usage?.outputTokens).toBeGreaterThan(0);
  });

  test("an abort before the first word reaches the vendor, and the SDK throws its abort", async () => {
    const called = Promise.withResolvers<void>();
    const closed = watchClose(() => called.resolve());
    const controller = new AbortController();
    const sdk = allClients[client]({ ...gateway, signal: controller.signal });
    const answer = sdk.converse({ model, stream: false }).say("Hello");
    await called.promise;
    controller.abort();
    const aborted = performance.now();
    await expect(answer).rejects.toSatisfy(
      (error) => error instanceof OpenAIAbort || error instanceof AnthropicAbort,
    );
    expect((await closed) - aborted).toBeLessThan(promptly);
    await expect
      .poll(async () => (await newestCalls(gateway, 1)).map((row) => [row.outcome, row.channel]))
      .toEqual([["cancelled", model]]);
  });
});

import { APIError as AnthropicError } from "@anthropic-ai/sdk";
import { APIError as OpenAIError } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allClients, dialectIds } from "./clients/all-clients.ts";
import type { SdkClient } from "./clients/sdk-client.ts";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { newestCalls, settledCall } from "./operator.ts";
import { brokenStreams } from "./vendors/broken-streams.ts";
import { providersOf, type Upstream, upstreams } from "./vendors/upstreams.ts";
import { frames, framesInTwo, json, openVendor, type Script, type Vendor } from "./vendors/vendor-door.ts";

const first = upstreams.filter(({ id }) => ["openai", "openai-new", "claude"].includes(id));
const second: Upstream = { ...(upstreams.find(({ id }) => id === "claude") as Upstream), id: "spare" };

const overloaded = json(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } });
const failures: readonly (readonly [string, (upstream: Upstream) => Script])[] = [
  ["says 500", () => json(500, { error: { message: "boom", type: "server_error" } })],
  ["is overloaded", () => overloaded],
  ["refuses our credentials", () => json(401, { error: { message: "bad key", code: "invalid_api_key" } })],
  ["resets the connection", () => (_, response) => response.destroy()],
  ["answers with a web page", () => (_, response) => response.end("<html>Bad gateway</html>")],
  ["says 200, then an error", ({ dialect }) => frames([brokenStreams[dialect].error])],
  ["says 200, then nothing more", ({ dialect }) => frames(brokenStreams[dialect].start)],
];

/** One for each case: a channel that failed is rested. */
const crossings = dialectIds.flatMap((client) =>
  first.map((upstream) => ({ client, upstream, id: upstream.id })),
);
const cases = crossings.flatMap(({ client, upstream, id }) =>
  [...failures.map(([name]) => name), "breaks", "errs"].map((name) => ({
    ...upstream,
    id: channelName(client, id, name),
  })),
);

function channelName(client: string, upstream: string, failure: string): string {
  return `${client}-${upstream}-${failure.replaceAll(/[^a-z0-9]/g, "")}`;
}

let failing: Vendor;
let sound: Vendor;
let gateway: OpenGateway;
beforeAll(async () => {
  [failing, sound] = await Promise.all([openVendor(), openVendor()]);
  const spare = providersOf([second], sound.url).replace("providers:\n", "");
  const routes = cases.map(
    ({ id, model }) => `  ${id}: {steps: [${id}/${model}, spare/${second.model}], attempts: 2}\n`,
  );
  gateway = await openGateway({
    // Here every call fails once: far more than the usual share of retries.
    config: `${providersOf(cases, failing.url)}${spare}routes:\n${routes.join("")}retries: {budget: 1}\n`,
  });
  sound.emulator.onMessage(/.*/, { content: "The spare one answers." });
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([failing.stop(), sound.stop()]);
});
beforeEach(() => {
  failing.forget();
  sound.forget();
});

describe.each(crossings)("$client SDK, streaming from $id", ({ client, upstream, id }) => {
  test.each(failures)("the client sees nothing of a vendor that %s", async (name, failure) => {
    failing.answerNext(failure(upstream));
    const model = channelName(client, id, name);
    const told = await allClients[client](gateway).converse({ model, stream: true }).say("Hello");
    expect(told.text).toBe("The spare one answers.");
    expect(told.pieces).toBeGreaterThan(1);
    expect(told.headers.get("entente-channel")).toBe(`spare/${second.model}`);
    expect(told.headers.get("entente-attempts")).toBe("2");
    expect([failing.heard.length, sound.heard.length]).toEqual([1, 1]);
    const row = await settledCall(gateway, told.headers.get("entente-request-id"));
    expect(row).toMatchObject({ outcome: "success", attempts: 2, channel: `spare/${second.model}` });
  });

  test.each([
    ["breaks", []],
    ["errs", [brokenStreams[upstream.dialect].error]],
  ])("a stream that %s after its first words is an error, never an end", async (name, rest) => {
    const { start, words } = brokenStreams[upstream.dialect];
    const model = channelName(client, id, name);
    const ask = (verb: (sdk: SdkClient) => Promise<unknown>) => {
      // The head goes out with the first words: only then is there no way back.
      const answered = Promise.withResolvers<void>();
      failing.answerNext(framesInTwo([...start, ...words], rest, answered.promise));
      return verb(allClients[client]({ ...gateway, onAnswer: answered.resolve }));
    };
    await expect(ask((sdk) => sdk.readStream(model, "Hello"))).rejects.toSatisfy(isApiError);
    await expect(ask((sdk) => sdk.converse({ model, stream: true }).say("Hello"))).rejects.toSatisfy(
      isApiError,
    );
    expect([failing.heard.length, sound.heard.length]).toEqual([2, 0]);
    await expect
      .poll(async () =>
        (await newestCalls(gateway, 2)).map(({ outcome, channel }) => `${outcome} ${channel}`),
      )
      .toEqual([`broken ${model}/${upstream.model}`, `broken ${model}/${upstream.model}`]);
  });
});

function isApiError(error: unknown): boolean {
  return error instanceof OpenAIError || error instanceof AnthropicError;
}

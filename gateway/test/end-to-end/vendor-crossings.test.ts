import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { allClients, dialectIds, finishWords } from "./clients/all-clients.ts";
import type { SdkClient, Terms, Told, ToolOffer } from "./clients/sdk-client.ts";
import { pdf, png } from "./media.ts";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { settledCall } from "./operator.ts";
import { received } from "./vendors/received.ts";
import { providersOf, upstreams } from "./vendors/upstreams.ts";
import { openVendor, type Vendor } from "./vendors/vendor-door.ts";

// Every official SDK through the gateway to an emulated vendor of every language and address form.
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

const usages = {
  "openai-chat": { prompt_tokens: 40, completion_tokens: 12, total_tokens: 52 },
  "openai-responses": { input_tokens: 40, output_tokens: 12, total_tokens: 52 },
  "anthropic-messages": { input_tokens: 40, output_tokens: 12 },
} as const;

/** What the vendor of a language takes back as proof of its own reasoning. */
const proofs = {
  "openai-chat": [],
  "openai-responses": [expect.stringMatching(/^(?!entente:)./)],
  "anthropic-messages": ["sig-1"],
};

const weather: ToolOffer = {
  name: "weather",
  description: "The weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

const crossings = dialectIds.flatMap((client) =>
  upstreams.flatMap((upstream) =>
    [false, true].map((stream) => ({
      client,
      upstream,
      id: upstream.id,
      stream,
      how: stream ? "streamed" : "whole",
    })),
  ),
);

describe.each(crossings)("$client SDK to $id, $how", ({ client: language, upstream, stream }) => {
  let client: SdkClient;
  beforeEach(() => {
    client = allClients[language](gateway);
    vendor.heard.length = 0;
    vendor.emulator.clearFixtures();
  });
  const usage = usages[upstream.dialect];
  const terms = (more: Partial<Terms> = {}): Terms => ({
    model: `${upstream.id}/${upstream.model}`,
    stream,
    ...more,
  });

  function expectAnswer(told: Told, finish: "stop" | "tools"): void {
    expect(told.finish).toBe(finishWords[language][finish]);
    expect(told.usage).toEqual({
      input: 40,
      output: 12,
      ...(language === "anthropic-messages" ? {} : { total: 52 }),
    });
    expect(told.headers.get("entente-channel")).toBe(`${upstream.id}/${upstream.model}`);
    expect(told.headers.get("entente-attempts")).toBe("1");
    expect(told.headers.get("entente-simulated")).toBeNull();
  }

  test("text: the vendor is called as it documents, the caller gets its words, the ledger its usage", async () => {
    vendor.emulator.onMessage(/capital/, { content: "It is Lisbon, said twice.", usage });
    const told = await client.converse(terms({ system: "Be brief." })).say("Which capital?");

    expect(told.text).toBe("It is Lisbon, said twice.");
    expect(told.pieces > 1).toBe(stream);
    expectAnswer(told, "stop");

    const { path, headers, body } = vendor.last();
    expect(path).toBe(upstream.path);
    expect(headers[upstream.credential[0]]).toBe(upstream.credential[1]);
    expect(JSON.stringify(headers)).not.toContain(gateway.key);
    expect(body["model"]).toBe(upstream.model);
    expect(received(upstream.dialect, body)).toMatchObject({
      system: "Be brief.",
      turns: [{ role: "user", text: "Which capital?" }],
    });

    const row = await settledCall(gateway, told.headers.get("entente-request-id"));
    expect(row).toMatchObject({
      channel: `${upstream.id}/${upstream.model}`,
      dialect: language,
      stream,
      outcome: "success",
      attempts: 1,
      usageSource: "reported",
      usage: { inputTokens: 40, outputTokens: 12 },
      cost: { usd: "0.000064" },
    });
  });

  test("tools: two calls at once, and their results in the next turn", async () => {
    vendor.emulator.on(
      { userMessage: /weather/, hasToolResult: false },
      {
        toolCalls: [
          { id: "call_a", name: "weather", arguments: '{"city":"Lisbon"}' },
          { id: "call_b", name: "weather", arguments: '{"city":"São Paulo"}' },
        ],
        usage,
      },
    );
    vendor.emulator.on({ userMessage: /weather/, hasToolResult: true }, { content: "Sun in both.", usage });
    const conversation = client.converse(terms({ tools: [weather] }));
    const asked = await conversation.say("How is the weather?");
    expect(asked.calls).toEqual([
      { id: "call_a", name: "weather", arguments: { city: "Lisbon" } },
      { id: "call_b", name: "weather", arguments: { city: "São Paulo" } },
    ]);
    expectAnswer(asked, "tools");
    expect(received(upstream.dialect, vendor.last().body).tools).toMatchObject([
      { name: "weather", parameters: weather.parameters },
    ]);

    const answered = await conversation.giveResults({ call_a: "22 degrees", call_b: "30 degrees" });
    expect(answered.text).toBe("Sun in both.");
    expectAnswer(answered, "stop");
    const { turns } = received(upstream.dialect, vendor.last().body);
    expect(turns.flatMap(({ calls = [] }) => calls)).toEqual(asked.calls);
    expect(turns.flatMap(({ results = [] }) => results)).toEqual([
      { id: "call_a", text: "22 degrees" },
      { id: "call_b", text: "30 degrees" },
    ]);
  });

  test("an image and a PDF reach the vendor in its own form", async () => {
    vendor.emulator.onMessage(/picture/, { content: "One dot.", usage });
    const told = await client.converse(terms()).say([
      { type: "text", text: "Which picture?" },
      { type: "image", mediaType: "image/png", data: png },
      { type: "pdf", filename: "note.pdf", data: pdf },
    ]);
    expect(told.text).toBe("One dot.");
    expect(received(upstream.dialect, vendor.last().body).turns).toEqual([
      {
        role: "user",
        text: "Which picture?",
        media: [`data:image/png;base64,${png}`, `data:application/pdf;base64,${pdf}`],
      },
    ]);
  });

  test("reasoning is shown, and goes back to its vendor with what proves it", async () => {
    const reasoning = "First this, then that.";
    vendor.emulator.onMessage(/think/, { content: "So.", reasoning, reasoningSignature: "sig-1", usage });
    const conversation = client.converse(terms({ reasoning: true }));
    const told = await conversation.say("Please think.");
    expect(told.text).toBe("So.");
    expect(told.reasoning).toBe(reasoning);
    await conversation.say("And think again.");
    const { turns } = received(upstream.dialect, vendor.last().body);
    expect(turns.flatMap(({ proofs = [] }) => proofs)).toEqual(proofs[upstream.dialect]);
  });
});

const answers = z.object({ city: z.string(), people: z.number() });

describe.each(
  dialectIds.flatMap((client) => upstreams.map((upstream) => ({ client, upstream, id: upstream.id }))),
)("$client SDK to $id", ({ client: language, upstream }) => {
  test("the parse helper gives the value, and the vendor was told the schema", async () => {
    vendor.emulator.clearFixtures();
    vendor.emulator.onMessage(/city/, { content: '{"city":"Lisbon","people":545000}' });
    const model = `${upstream.id}/${upstream.model}`;
    const value = await allClients[language](gateway).parse(model, "Which city?", answers);
    expect(value).toEqual({ city: "Lisbon", people: 545_000 });
    expect(received(upstream.dialect, vendor.last().body).schema).toMatchObject({
      type: "object",
      properties: { city: { type: "string" }, people: { type: "number" } },
      required: ["city", "people"],
      additionalProperties: false,
    });
  });
});

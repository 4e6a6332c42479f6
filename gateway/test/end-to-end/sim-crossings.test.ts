import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { allClients, dialectIds, finishWords } from "./clients/all-clients.ts";
import type { SdkClient, Terms, ToolOffer } from "./clients/sdk-client.ts";
import { fingerprint, pdf, png } from "./media.ts";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { settledCall } from "./operator.ts";

// The simulator answers as a vendor of each language, so that every SDK meets every language.
const providers = dialectIds
  .map((id) => `  as-${id}: {kind: sim, dialects: [${id}], quirks: {reasoningField: reasoning}}`)
  .join("\n");

let gateway: OpenGateway;
beforeAll(async () => {
  gateway = await openGateway({ config: `providers:\n${providers}\n` });
});
afterAll(() => gateway.stop());

const tools: readonly ToolOffer[] = [
  {
    name: "weather",
    description: "The weather of a city.",
    parameters: {
      type: "object",
      properties: {
        city: { type: "string", enum: ["Lisbon"] },
        days: { type: "integer", minimum: 1, maximum: 1 },
      },
      required: ["city", "days"],
      additionalProperties: false,
    },
  },
];

const crossings = dialectIds.flatMap((client) =>
  dialectIds.flatMap((provider) =>
    [false, true].map((stream) => ({ client, provider, stream, how: stream ? "streamed" : "whole" })),
  ),
);

describe.each(crossings)("$client SDK, simulator as $provider, $how", ({ client: id, provider, stream }) => {
  let client: SdkClient;
  beforeAll(() => {
    client = allClients[id](gateway);
  });
  const terms = (model: string, more: Partial<Terms> = {}): Terms => ({
    model: `as-${provider}/${model}`,
    stream,
    ...more,
  });

  test("text comes back whole, with ids, finish, usage and our headers", async () => {
    const conversation = client.converse(terms("echo", { system: "Repeat what is said." }));
    const told = await conversation.say("one two three ünï 🦊");
    expect(told.text).toBe("one two three ünï 🦊");
    expect(told.id).not.toBe("");
    expect(told.calls).toEqual([]);
    expect(told.finish).toBe(finishWords[id].stop);
    const { input, output, total } = told.usage;
    expect(output).toBe(5);
    expect(input).toBe(9);
    if (id !== "anthropic-messages") expect(total).toBe(14);
    expect(told.pieces > 1).toBe(stream);
    expect(told.headers.get("entente-channel")).toBe(`as-${provider}/echo`);
    expect(told.headers.get("entente-attempts")).toBe("1");
    expect(told.headers.get("entente-request-id")).toMatch(/^req_[0-9A-Za-z]{24}$/);
    expect(told.headers.get("entente-simulated")).toBe("true");
    expect(told.headers.get("entente-lossy")).toBeNull();
    expect(told.headers.get("server-timing")).toContain("provider;dur=");
    expect((await conversation.say("and then")).text).toBe("and then");
  });

  test("parallel tool calls come typed, and their results reach the model", async () => {
    const conversation = client.converse(terms("tools?tools=2", { tools }));
    const asked = await conversation.say("What is the weather?");
    expect(asked.calls.map(({ name }) => name)).toEqual(["weather", "weather"]);
    expect(asked.calls.map((call) => call.arguments)).toEqual([
      { city: "Lisbon", days: 1 },
      { city: "Lisbon", days: 1 },
    ]);
    expect(new Set(asked.calls.map((call) => call.id)).size).toBe(2);
    expect(asked.finish).toBe(finishWords[id].tools);
    const results = asked.calls.map((call, index) => [call.id, `sunny ${index}`]);
    const answered = await conversation.giveResults(Object.fromEntries(results));
    expect(answered.text).toContain("sunny 0");
    expect(answered.text).toContain("sunny 1");
    expect(answered.finish).toBe(finishWords[id].stop);
  });

  test("reasoning is shown and comes back intact in the next turns", async () => {
    const conversation = client.converse(terms("reasoning", { reasoning: true }));
    const first = await conversation.say("Think about it.");
    expect(first.reasoning.length).toBeGreaterThan(20);
    expect(first.text).not.toContain("earlier");
    const second = await conversation.say("Think again.");
    expect(second.text).toMatch(/\b1\b/);
    expect((await conversation.say("And again.")).text).toMatch(/\b2\b/);
  });

  test("an answer cut short by the output limit says so", async () => {
    const told = await client.converse(terms("text", { outputLimit: 20 })).say("A long story.");
    expect(told.usage.output).toBe(20);
    expect(told.finish).toBe(finishWords[id].length);
  });

  test("an image and a PDF arrive byte for byte", async () => {
    const told = await client.converse(terms("image-aware")).say([
      { type: "text", text: "What is this?" },
      { type: "image", mediaType: "image/png", data: png },
      { type: "pdf", filename: "note.pdf", data: pdf },
    ]);
    expect(told.text).toContain(`image image/png, ${fingerprint(png)}`);
    expect(told.text).toContain(`file application/pdf, ${fingerprint(pdf)}`);
  });
});

describe.each(dialectIds.flatMap((client) => dialectIds.map((provider) => ({ client, provider }))))(
  "$client SDK, simulator as $provider",
  ({ client: id, provider }) => {
    test("the parse helper gives a value of the schema", async () => {
      const shape = z.object({
        city: z.enum(["Lisbon", "Porto"]),
        people: z.number().int(),
        tags: z.array(z.string()),
        place: z.object({ north: z.boolean() }),
      });
      const value = await allClients[id](gateway).parse(`as-${provider}/json`, "Describe a city.", shape);
      expect(shape.safeParse(value).success).toBe(true);
    });

    test("an abort ends the stream at once and the call is settled as cancelled", async () => {
      const model = `as-${provider}/text?rate=200&tokens=10000`;
      const aborted = await allClients[id](gateway).readStream(model, "Go on.", 3);
      expect(aborted.pieces).toBeLessThan(100);
      const row = await settledCall(gateway, aborted.headers.get("entente-request-id"));
      expect(row).toMatchObject({ outcome: "cancelled", usageSource: "estimated", attempts: 1 });
    });
  },
);

import OpenAI, { NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { orderOf } from "./operator.ts";
import { received } from "./vendors/received.ts";
import { providersOf, upstreams } from "./vendors/upstreams.ts";
import { openVendor, type Vendor } from "./vendors/vendor-door.ts";

let vendor: Vendor;
let gateway: OpenGateway;
let client: OpenAI;
beforeAll(async () => {
  vendor = await openVendor();
  gateway = await openGateway({ config: providersOf(upstreams, vendor.url) });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
  vendor.emulator.onMessage(/name is Ada/, { content: "Hello Ada." });
  vendor.emulator.onMessage(/my name/, { content: "Ada." });
});
afterAll(async () => {
  await gateway.stop();
  await vendor.stop();
});

describe.each(upstreams)("conversations kept here for $id", ({ id, model: upstreamModel, dialect }) => {
  const model = `${id}/${upstreamModel}`;

  test("previous_response_id continues one, whatever the vendor speaks", async () => {
    const first = await client.responses.create({ model, input: "My name is Ada.", metadata: { run: "7" } });
    expect(first.output_text).toBe("Hello Ada.");
    expect(first.previous_response_id).toBeNull();
    // A vendor of the same language speaks for itself; the emulator does not repeat metadata.
    if (dialect !== "openai-responses") expect(first.metadata).toEqual({ run: "7" });
    const second = await client.responses
      .stream({ model, input: "What is my name?", previous_response_id: first.id })
      .finalResponse();
    expect(second.output_text).toBe("Ada.");
    expect(second.previous_response_id).toBe(first.id);
    expect(second.id).not.toBe(first.id);
    expect(received(dialect, vendor.last().body).turns).toMatchObject([
      { role: "user", text: "My name is Ada." },
      { role: "assistant", text: "Hello Ada." },
      { role: "user", text: "What is my name?" },
    ]);
    // The vendor keeps nothing and never hears an id of ours.
    expect(vendor.last().body).not.toHaveProperty("previous_response_id");
    if (dialect === "openai-responses") expect(vendor.last().body["store"]).toBe(false);

    const kept = await client.responses.retrieve(second.id);
    expect(kept.output_text).toBe("Ada.");
    expect(kept.output).toEqual(second.output.map((item) => expect.objectContaining({ id: item.id })));
    const items = await client.responses.inputItems.list(second.id, { order: "asc" });
    expect(items.data.map((item) => item.type)).toEqual(["message", "message", "message"]);

    const other = await client.responses.create({
      model,
      input: "What is my name?",
      previous_response_id: first.id,
    });
    expect(other.output_text).toBe("Ada.");
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toBeInstanceOf(NotFoundError);
    const gone = client.responses.create({ model, input: "And now?", previous_response_id: first.id });
    await expect(gone).rejects.toMatchObject({ status: 404, param: "previous_response_id" });
  });
});

test("nothing is kept where the caller says store: false", async () => {
  const answer = await client.responses.create({ model: "sim/echo", input: "Forget this.", store: false });
  await expect(client.responses.retrieve(answer.id)).rejects.toBeInstanceOf(NotFoundError);
});

test("another project's key finds none of it", async () => {
  const answer = await client.responses.create({ model: "sim/echo", input: "A secret." });
  const made = await orderOf(gateway, "/keys", { name: "other", project: "other" });
  const { secret } = made as { readonly secret: string };
  const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: secret, maxRetries: 0 });
  await expect(stranger.responses.retrieve(answer.id)).rejects.toBeInstanceOf(NotFoundError);
  const next = stranger.responses.create({
    model: "sim/echo",
    input: "Go on.",
    previous_response_id: answer.id,
  });
  await expect(next).rejects.toBeInstanceOf(NotFoundError);
  expect((await client.responses.retrieve(answer.id)).output_text).toBe("A secret.");
});

test("a tool call is continued by its result alone", async () => {
  const tools = [
    {
      type: "function" as const,
      name: "weather",
      strict: null,
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  ];
  const asked = await client.responses.create({ model: "sim/tools", input: "Weather?", tools });
  const call = asked.output.find((item) => item.type === "function_call");
  expect(call?.name).toBe("weather");
  const told = await client.responses.create({
    model: "sim/tools",
    tools,
    previous_response_id: asked.id,
    input: [{ type: "function_call_output", call_id: call?.call_id ?? "", output: "hail" }],
  });
  expect(told.output_text).toContain("hail");
});

describe("in the background", () => {
  test("a response goes on without its client and can be fetched when it is done", async () => {
    const queued = await client.responses.create({
      model: "sim/echo",
      input: "Take your time.",
      background: true,
    });
    expect(queued.status).toBe("queued");
    expect(queued.background).toBe(true);
    await expect.poll(async () => (await client.responses.retrieve(queued.id)).status).toBe("completed");
    const done = await client.responses.retrieve(queued.id);
    expect(done).toMatchObject({ id: queued.id, output_text: "Take your time.", background: true });
    const next = await client.responses.create({
      model: "sim/echo",
      input: "And on.",
      previous_response_id: queued.id,
    });
    expect(next.output_text).toBe("And on.");
  });

  test("one that fails says why", async () => {
    const queued = await client.responses.create({ model: "sim/ecco", input: "Hello", background: true });
    await expect.poll(async () => (await client.responses.retrieve(queued.id)).status).toBe("failed");
    const failed = await client.responses.retrieve(queued.id);
    expect(failed.error?.message).toContain("No channel serves that model");
  });

  test("one that still runs can be cancelled", async () => {
    const model = "sim/text?latency=60000";
    const queued = await client.responses.create({ model, input: "Slowly.", background: true });
    const cancelled = await client.responses.cancel(queued.id);
    expect(cancelled).toMatchObject({ id: queued.id, status: "cancelled" });
    expect((await client.responses.retrieve(queued.id)).status).toBe("cancelled");
  });
});

import Anthropic, { NotFoundError as AnthropicNotFound } from "@anthropic-ai/sdk";
import OpenAI, { NotFoundError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { providersOf, upstreams } from "./vendors/upstreams.ts";
import { json, openVendor, type Vendor } from "./vendors/vendor-door.ts";

let vendor: Vendor;
let gateway: OpenGateway;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  vendor = await openVendor();
  gateway = await openGateway({ config: providersOf(upstreams, vendor.url) });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 });
});
afterAll(async () => {
  await gateway.stop();
  await vendor.stop();
});

test("both SDKs list the same models, each in its own shape, Anthropic's by pages", async () => {
  const names: string[] = [];
  for await (const model of openai.models.list()) {
    expect(model.object).toBe("model");
    names.push(model.id);
  }
  expect(names).toEqual(expect.arrayContaining(["sim/echo", "our-gpt"]));
  const paged: string[] = [];
  for await (const model of anthropic.models.list({ limit: 3 })) {
    expect(model.type).toBe("model");
    paged.push(model.id);
  }
  expect(names.length).toBeGreaterThan(6);
  expect(paged).toEqual(names);
});

test("both SDKs look one model up, and are told where there is none", async () => {
  expect(await openai.models.retrieve("sim/echo")).toMatchObject({ id: "sim/echo", object: "model" });
  expect(await anthropic.models.retrieve("sim/echo")).toMatchObject({ id: "sim/echo", type: "model" });
  await expect(openai.models.retrieve("sim/ecco")).rejects.toBeInstanceOf(NotFoundError);
  const refused = await anthropic.models.retrieve("sim/ecco").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AnthropicNotFound);
  expect(refused).toMatchObject({ error: { type: "error", error: { type: "not_found_error" } } });
});

test("tokens are counted by the vendor that would serve the call", async () => {
  vendor.answerNext(json(200, { input_tokens: 321 }));
  const counted = anthropic.messages.countTokens({
    model: "claude/claude-sonnet-4-5",
    system: "Be brief.",
    messages: [{ role: "user", content: "How long is this?" }],
  });
  expect(await counted).toMatchObject({ input_tokens: 321 });
  expect(vendor.last().path).toBe("/v1/messages/count_tokens");
  expect(vendor.last().headers["x-api-key"]).toBe("sk-ant-vendor");
  expect(vendor.last().body).toEqual({
    model: "claude-sonnet-4-5",
    system: "Be brief.",
    messages: [{ role: "user", content: "How long is this?" }],
  });
});

test("where the vendor does not count, the estimate says that it is one", async () => {
  const { data, response } = await anthropic.messages
    .countTokens({ model: "sim/echo", messages: [{ role: "user", content: "one two three four five" }] })
    .withResponse();
  expect(data.input_tokens).toBeGreaterThanOrEqual(5);
  expect(data.input_tokens).toBeLessThan(30);
  expect(response.headers.get("entente-estimated")).toBe("input_tokens");
});

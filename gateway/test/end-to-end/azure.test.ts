import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { BadRequestError } from "openai";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openaiChatClient } from "./clients/openai-chat-client.ts";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { providersOf, upstreams } from "./vendors/upstreams.ts";
import { frames, json, openVendor, type Vendor } from "./vendors/vendor-door.ts";

// What Azure adds to OpenAI's words, and what its older api-versions do not know.
let vendor: Vendor;
let gateway: OpenGateway;
let openai: OpenAI;
/** Scopes for which a token was asked. */
const scopes: string[] = [];
beforeAll(async () => {
  vendor = await openVendor();
  const azure = upstreams.filter(({ id }) => id === "azure-old");
  const early = `  azure-early: {kind: azure, apiKey: k, baseUrl: "${vendor.url}", apiVersion: 2024-06-01, models: [our-gpt], price: free}\n`;
  const signedIn = `  azure-entra: {kind: azure, credential: entra, baseUrl: "${vendor.url}", models: [our-gpt], price: free}\n`;
  gateway = await openGateway({
    config: providersOf(azure, vendor.url) + early + signedIn,
    azureTokens: async () => ({
      getToken: async (scope) => {
        scopes.push(scope);
        return { token: "entra-token", expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    }),
  });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
});
afterAll(async () => {
  await gateway.stop();
  await vendor.stop();
});
beforeEach(() => void vendor.emulator.clearFixtures());

const model = "azure-old/our-gpt";
const messages = [{ role: "user" as const, content: "Hello" }];
const filters = { hate: { filtered: false, severity: "safe" } };
const chunk = { id: "chatcmpl-9", object: "chat.completion.chunk", created: 1, model: "gpt-4o" };
const usage = { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 };
const filteredStream = frames([
  {
    data: {
      ...chunk,
      id: "",
      choices: [],
      prompt_filter_results: [{ prompt_index: 0, content_filter_results: filters }],
    },
  },
  {
    data: {
      ...chunk,
      choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
    },
  },
  {
    data: {
      ...chunk,
      choices: [
        { index: 0, delta: { content: "Hi." }, finish_reason: null, content_filter_results: filters },
      ],
    },
  },
  {
    data: { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: "stop", content_filter_results: {} }] },
  },
  { data: { ...chunk, choices: [], usage } },
  { data: "[DONE]" },
]);

test("a stream whose first chunk holds only filter results reaches both SDKs", async () => {
  vendor.answerNext(filteredStream, filteredStream);
  const told = await openaiChatClient(gateway).converse({ model, stream: true }).say("Hello");
  expect(told).toMatchObject({
    id: "chatcmpl-9",
    text: "Hi.",
    finish: "stop",
    usage: { input: 8, output: 2, total: 10 },
  });
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 });
  const message = await anthropic.messages.stream({ model, max_tokens: 9, messages }).finalMessage();
  expect(message.content).toMatchObject([{ type: "text", text: "Hi." }]);
  expect(message.usage).toMatchObject({ input_tokens: 8, output_tokens: 2 });
});

test("a prompt that Azure's filter refuses is the caller's to change", async () => {
  const error = {
    message:
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    type: null,
    param: "prompt",
    code: "content_filter",
    status: 400,
    innererror: { code: "ResponsibleAIPolicyViolation", content_filter_result: filters },
  };
  vendor.answerNext(json(400, { error }));
  const refused: unknown = await openai.chat.completions
    .create({ model, messages })
    .catch((reason: unknown) => reason);
  expect(refused).toBeInstanceOf(BadRequestError);
  expect(refused).toMatchObject({ code: "content_filter", param: "prompt" });
  expect(String(refused)).toContain("content management policy");
});

test("an early api-version is told in its own words, and what it cannot hear is listed", async () => {
  vendor.emulator.onMessage(/.*/, { content: '{"city":"Porto"}' });
  const format = { name: "answer", schema: z.toJSONSchema(z.object({ city: z.string() })) };
  const { response } = await openai.chat.completions
    .create({
      model: "azure-early/our-gpt",
      messages: [{ role: "developer", content: "Answer in JSON." }, ...messages],
      max_completion_tokens: 50,
      response_format: { type: "json_schema", json_schema: format },
    })
    .withResponse();
  expect(vendor.last()).toMatchObject({
    path: "/openai/deployments/our-gpt/chat/completions?api-version=2024-06-01",
    body: {
      model: "our-gpt",
      messages: [{ role: "system" }, { role: "user" }],
      max_tokens: 50,
      response_format: { type: "json_object" },
    },
  });
  expect(vendor.last().body).not.toHaveProperty("max_completion_tokens");
  expect(response.headers.get("entente-lossy")).toContain("responseFormat");
});

test("an identity of Entra signs in with one token for all calls, and no key", async () => {
  vendor.emulator.onMessage(/.*/, { content: "Hi." });
  for (const stream of [false, true]) {
    const told = await openaiChatClient(gateway)
      .converse({ model: "azure-entra/our-gpt", stream })
      .say("Hello");
    expect(told.text).toBe("Hi.");
    expect(vendor.last().path).toBe("/openai/v1/chat/completions");
    expect(vendor.last().headers["authorization"]).toBe("Bearer entra-token");
    expect(vendor.last().headers).not.toHaveProperty("api-key");
  }
  expect(scopes).toEqual(["https://cognitiveservices.azure.com/.default"]);
});

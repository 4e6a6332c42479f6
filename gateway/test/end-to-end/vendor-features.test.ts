import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { BadRequestError } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { askOperator } from "./operator.ts";
import { providersOf, upstreams } from "./vendors/upstreams.ts";
import { openVendor, type Vendor } from "./vendors/vendor-door.ts";

let vendor: Vendor;
let gateway: OpenGateway;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  vendor = await openVendor();
  gateway = await openGateway({ config: providersOf(upstreams, vendor.url) });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 });
  vendor.emulator.onMessage(/.*/, { content: "Yes." });
});
afterAll(async () => {
  await gateway.stop();
  await vendor.stop();
});
beforeEach(() => vendor.forget());

const chatModel = "openai/gpt-5-mini";
const responsesModel = "openai-new/gpt-5";
const claudeModel = "claude/claude-sonnet-4-5";

describe("to a vendor of the same language a request goes as it was written", () => {
  test("chat completions", async () => {
    const body = {
      messages: [{ role: "user" as const, content: "Is it?", name: "ada" }],
      metadata: { team: "blue" },
      service_tier: "flex" as const,
      seed: 7,
      n: 1,
      logprobs: true,
      top_logprobs: 2,
      logit_bias: { "50256": -100 },
      prompt_cache_key: "k1",
      stop: ["END"],
      parallel_tool_calls: false,
      prediction: { type: "content" as const, content: "Yes" },
      store: false,
      a_field_of_next_year: { deep: [1, 2.5, "x"] },
    };
    const { data, response } = await openai.chat.completions
      .create({ model: chatModel, ...body })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe("Yes.");
    expect(vendor.last().body).toEqual({ ...body, model: "gpt-5-mini" });
    expect(response.headers.get("entente-lossy")).toBeNull();
  });

  test("responses", async () => {
    const body = {
      input: "Is it?",
      store: false,
      metadata: { team: "blue" },
      service_tier: "flex" as const,
      prompt_cache_key: "k1",
      top_logprobs: 2,
      text: { verbosity: "low" as const },
      tools: [{ type: "web_search" as const, search_context_size: "low" as const }],
      include: ["message.output_text.logprobs" as const],
      truncation: "auto" as const,
    };
    expect((await openai.responses.create({ model: responsesModel, ...body })).output_text).toBe("Yes.");
    expect(vendor.last().body).toMatchObject({
      ...body,
      include: expect.arrayContaining(body.include),
      model: "gpt-5",
    });
  });

  test("messages, with its prompt-cache markers", async () => {
    const body = {
      max_tokens: 100,
      system: [
        {
          type: "text" as const,
          text: "Long.",
          cache_control: { type: "ephemeral" as const, ttl: "1h" as const },
        },
      ],
      messages: [
        {
          role: "user" as const,
          content: [{ type: "text" as const, text: "Is it?", cache_control: { type: "ephemeral" as const } }],
        },
      ],
      metadata: { user_id: "u1" },
      service_tier: "standard_only" as const,
      top_k: 5,
      stop_sequences: ["END"],
      tools: [{ type: "web_search_20250305" as const, name: "web_search" as const, max_uses: 2 }],
    };
    await anthropic.messages.create({ model: claudeModel, ...body });
    expect(vendor.last().body).toEqual({ ...body, model: "claude-sonnet-4-5" });
  });
});

describe("what another vendor cannot be told", () => {
  const seeded = {
    model: claudeModel,
    messages: [{ role: "user" as const, content: "Is it?" }],
    seed: 7,
    frequency_penalty: 0.5,
  };

  test("is left out and listed", async () => {
    const { data, response } = await openai.chat.completions.create(seeded).withResponse();
    expect(data.choices[0]?.message.content).toBe("Yes.");
    expect(response.headers.get("entente-lossy")?.split(", ").toSorted()).toEqual([
      "frequencyPenalty",
      "seed",
    ]);
    expect(vendor.last().body).not.toHaveProperty("seed");
  });

  test("is refused where the caller is strict, before any vendor hears of it", async () => {
    const strict = openai.chat.completions.create(seeded, { headers: { "entente-strict": "true" } });
    const error: unknown = await strict.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(String(error)).toMatch(/seed.*frequencyPenalty|frequencyPenalty.*seed/);
    expect(vendor.heard).toEqual([]);
  });

  test("strict calls that lose nothing pass", async () => {
    const { seed: _, frequency_penalty: __, ...plain } = seeded;
    const answer = await openai.chat.completions.create(plain, { headers: { "entente-strict": "true" } });
    expect(answer.choices[0]?.message.content).toBe("Yes.");
  });

  test.each([
    [
      "OpenAI's web search for Claude",
      () =>
        openai.responses.create({
          model: claudeModel,
          input: "News?",
          tools: [{ type: "web_search" as const }],
        }),
    ],
    [
      "a remote MCP server of OpenAI's for Claude",
      () =>
        openai.responses.create({
          model: claudeModel,
          input: "News?",
          tools: [{ type: "mcp" as const, server_label: "news", server_url: "https://news.example" }],
        }),
    ],
    [
      "Claude's web search for OpenAI",
      () =>
        anthropic.messages.create({
          model: chatModel,
          max_tokens: 10,
          messages: [{ role: "user", content: "News?" }],
          tools: [{ type: "web_search_20250305", name: "web_search" }],
        }),
    ],
    [
      "Claude's code execution for OpenAI's Responses API",
      () =>
        anthropic.messages.create({
          model: responsesModel,
          max_tokens: 10,
          messages: [{ role: "user", content: "Sum?" }],
          tools: [{ type: "code_execution_20250825", name: "code_execution" }],
        }),
    ],
  ])("%s is refused with a sentence that says why", async (_, call) => {
    const error: unknown = await call().then(
      () => "answered",
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ status: 400 });
    expect(String(error)).toMatch(/only another vendor runs/);
    expect(String(error)).toMatch(/web_search|mcp|code_execution/);
    expect(vendor.heard).toEqual([]);
  });
});

describe("request headers", () => {
  const headers = {
    "anthropic-beta": "files-api-2025-04-14",
    "openai-organization": "org-1",
    "x-custom": "mine",
    cookie: "session=1",
    "x-forwarded-for": "10.0.0.1",
    "entente-strict": "false",
  };
  const alien = ["x-custom", "cookie", "x-forwarded-for", "entente-strict"];

  test.each([
    [claudeModel, ["anthropic-beta"], ["openai-organization"]],
    [chatModel, ["openai-organization"], ["anthropic-beta"]],
    ["azure-old/our-gpt", [], ["anthropic-beta", "openai-organization"]],
  ])("to %s only what its vendor needs crosses", async (model, crossing, staying) => {
    await openai.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] }, { headers });
    const heard = vendor.last().headers;
    for (const name of crossing) expect(heard[name]).toBe(headers[name as keyof typeof headers]);
    for (const name of [...staying, ...alien]) expect(heard).not.toHaveProperty(name);
    expect(Object.keys(heard).filter((name) => name.startsWith("x-stainless"))).toEqual([]);
  });
});

test("the usage report sums what the SDKs' calls used and cost", async () => {
  const quiet = await openGateway({ config: providersOf(upstreams, vendor.url) });
  try {
    vendor.emulator.prependFixture({
      match: { userMessage: "Count me." },
      response: {
        content: "Counted.",
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      },
    });
    const client = new OpenAI({ baseURL: `${quiet.url}/v1`, apiKey: quiet.key, maxRetries: 0 });
    const ask = () =>
      client.chat.completions.create({
        model: chatModel,
        messages: [{ role: "user", content: "Count me." }],
      });
    await Promise.all([ask(), ask(), ask()]);
    await expect
      .poll(() => askOperator(quiet, "/usage?by=channel"))
      .toMatchObject({
        groups: [{ group: chatModel, calls: 3, failed: 0, estimated: 0, inputTokens: 300, outputTokens: 30 }],
        cost: { usd: "0.00036" },
      });
  } finally {
    await quiet.stop();
  }
});

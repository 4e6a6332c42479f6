import Anthropic, { APIError as AnthropicError } from "@anthropic-ai/sdk";
import OpenAI, { APIError as OpenAIError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenGateway, openGateway } from "./open-gateway.ts";
import { orderOf } from "./operator.ts";
import { json, openVendor, type Vendor } from "./vendors/vendor-door.ts";

/** One for each call that fails at the vendor: a channel that failed is rested. */
const models = Array.from({ length: 40 }, (_, index) => `model-${index}`);
let taken = -1;

let vendor: Vendor;
let gateway: OpenGateway;
let narrowKey: string;
beforeAll(async () => {
  vendor = await openVendor();
  gateway = await openGateway({
    config: `
providers:
  house: {kind: openai-compatible, baseUrl: "${vendor.url}/v1", models: [${models.join(", ")}], price: free}
  unpriced: {kind: openai-compatible, baseUrl: "${vendor.url}/v1", models: [two]}
`,
  });
  const made = await orderOf(gateway, "/keys", { name: "narrow", allowedModels: ["sim/*"] });
  narrowKey = (made as { readonly secret: string }).secret;
});
afterAll(async () => {
  await gateway.stop();
  await vendor.stop();
});

interface Asking {
  readonly key?: string;
  readonly model?: string;
  /** In place of a valid list of messages. */
  readonly content?: unknown;
}

const question = [{ role: "user", content: "Hello" }];

function openai({ key = gateway.key }: Asking): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
}

/** A whole and a streamed call by each SDK. */
const callers: Readonly<Record<string, (asking: Asking) => Promise<unknown>>> = {
  "openai chat": (asking) =>
    openai(asking).chat.completions.create({
      model: asking.model ?? "sim/echo",
      messages: (asking.content ?? question) as [],
    }),
  "openai chat, streamed": (asking) =>
    openai(asking)
      .chat.completions.stream({
        model: asking.model ?? "sim/echo",
        messages: (asking.content ?? question) as [],
      })
      .finalChatCompletion(),
  "openai responses": (asking) =>
    openai(asking).responses.create({
      model: asking.model ?? "sim/echo",
      input: (asking.content ?? question) as [],
    }),
  "openai responses, streamed": (asking) =>
    openai(asking)
      .responses.stream({ model: asking.model ?? "sim/echo", input: (asking.content ?? question) as [] })
      .finalResponse(),
  anthropic: (asking) =>
    new Anthropic({ baseURL: gateway.url, apiKey: asking.key ?? gateway.key, maxRetries: 0 }).messages.create(
      {
        model: asking.model ?? "sim/echo",
        max_tokens: 10,
        messages: (asking.content ?? question) as [],
      },
    ),
  "anthropic, streamed": (asking) =>
    new Anthropic({ baseURL: gateway.url, apiKey: asking.key ?? gateway.key, maxRetries: 0 }).messages
      .stream({
        model: asking.model ?? "sim/echo",
        max_tokens: 10,
        messages: (asking.content ?? question) as [],
      })
      .finalMessage(),
};

type Refusal = OpenAIError | AnthropicError;

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await call.then(
    () => "no error",
    (reason: unknown) => reason,
  );
  if (error instanceof OpenAIError || error instanceof AnthropicError) return error;
  throw new Error(`not an API error: ${String(error)}`);
}

describe.each(Object.keys(callers))("%s", (name) => {
  const nextModel = () => models[(taken += 1)] ?? "none";
  const call = callers[name] as (asking: Asking) => Promise<unknown>;
  const sdk = name.startsWith("openai") ? OpenAI : Anthropic;

  test.each([
    ["a key nobody made", { key: `ent-${"x".repeat(40)}` }, "AuthenticationError", 401, /not known here/],
    ["a model nobody has", { model: "sim/ecco" }, "NotFoundError", 404, /sim\/echo/],
    ["a model without a price", { model: "unpriced/two" }, "PermissionDeniedError", 403, /price/],
    [
      "a field of the wrong type",
      { content: [{ role: "user", content: 7 }] },
      "BadRequestError",
      400,
      /content/,
    ],
  ] as const)("%s", async (_, asking, type, status, words) => {
    const error = await refusalOf(call(asking));
    expect(error).toBeInstanceOf(sdk[type]);
    expect(error.status).toBe(status);
    expect(JSON.stringify(error.error)).toMatch(words);
    expect(error.requestID).toMatch(/^req_/);
    expect(error.headers?.get("entente-request-id")).toBe(error.requestID);
  });

  test("a model that the key may not use", async () => {
    const error = await refusalOf(call({ key: narrowKey, model: "house/model-0" }));
    expect(error).toBeInstanceOf(sdk.PermissionDeniedError);
    expect(error.message).toContain("may not use that model");
  });

  test.each([
    ["its limit", 429, { type: "rate_limit_error", code: "rate_limit_exceeded" }, "RateLimitError", 429],
    ["wrong credentials of ours", 401, { code: "invalid_api_key" }, "InternalServerError", 502],
    ["a breakdown", 500, { type: "server_error" }, "InternalServerError", 502],
    ["overload", 503, { code: "overloaded_error" }, "InternalServerError", 503],
    ["a request it dislikes", 400, { type: "invalid_request_error" }, "BadRequestError", 400],
  ] as const)("a vendor that tells of %s", async (_, told, error, type, status) => {
    const answer = json(
      told,
      { error: { message: "sk-vendor said no", ...error } },
      { "retry-after": "600" },
    );
    vendor.answerNext(answer);
    const channel = `house/${nextModel()}`;
    const refusal = await refusalOf(call({ model: channel }));
    expect(refusal).toBeInstanceOf(sdk[type]);
    expect(refusal.status).toBe(status);
    expect(refusal.headers?.get("entente-channel")).toBe(channel);
    if (status === 429) expect(Number(refusal.headers?.get("retry-after"))).toBeGreaterThan(590);
    if (status >= 500) expect(refusal.message).not.toContain("sk-vendor");
  });
});

import Anthropic, { APIError } from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { type ErrorCode, errors } from "../../src/core/errors.ts";
import { Fault } from "../../src/core/fault.ts";
import { decodeError, encodeError, errorFrame } from "../../src/dialects/anthropic-messages/errors.ts";

describe("an Anthropic error is understood", () => {
  test.each<[number, string, string, ErrorCode]>([
    [400, "invalid_request_error", "messages.0.content: Field required", "provider_rejected"],
    [400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", "context_length"],
    [
      400,
      "invalid_request_error",
      "input length and `max_tokens` exceed context limit: 1 + 2 > 3",
      "context_length",
    ],
    [400, "invalid_request_error", "Your credit balance is too low to access the API.", "provider_quota"],
    [400, "invalid_request_error", "Output blocked by content filtering policy", "content_filtered"],
    [401, "authentication_error", "invalid x-api-key", "provider_credentials"],
    [402, "billing_error", "pay", "provider_quota"],
    [403, "permission_error", "no", "provider_credentials"],
    [404, "not_found_error", "model: claude-9", "provider_model_missing"],
    [413, "request_too_large", "big", "body_too_large"],
    [429, "rate_limit_error", "slow down", "provider_rate_limited"],
    [500, "api_error", "oops", "provider_unavailable"],
    [504, "timeout_error", "late", "provider_timeout"],
    [529, "overloaded_error", "Overloaded", "provider_overloaded"],
  ])("%d %s: %s", (status, type, message, code) => {
    const body = { type: "error", error: { type, message }, request_id: "req_1" };
    expect(decodeError(status, body)).toStrictEqual({ code, status, message, vendorType: type });
  });

  test.each<[number, ErrorCode]>([
    [400, "provider_rejected"],
    [401, "provider_credentials"],
    [429, "provider_rate_limited"],
    [502, "provider_unavailable"],
    [503, "provider_overloaded"],
    [302, "provider_bad_answer"],
  ])("by its status %d alone", (status, code) => {
    expect(decodeError(status, undefined).code).toBe(code);
    expect(decodeError(status, { error: { type: "new_kind_of_error" } }).code).toBe(code);
  });
});

describe("an Anthropic client is told of a fault", () => {
  async function thrownByOfficialClient(fault: Fault): Promise<unknown> {
    const client = new Anthropic({
      apiKey: "key",
      maxRetries: 0,
      fetch: () =>
        Promise.resolve(Response.json(encodeError(fault, "req_1"), { status: fault.entry.status })),
    });
    return client.messages
      .create({ model: "claude", max_tokens: 10, messages: [{ role: "user", content: "hi" }] })
      .catch((error: unknown) => error);
  }

  test.each<[ErrorCode, string]>([
    ["invalid_request", "invalid_request_error"],
    ["invalid_key", "authentication_error"],
    ["model_not_allowed", "permission_error"],
    ["model_not_found", "not_found_error"],
    ["body_too_large", "request_too_large"],
    ["provider_rate_limited", "rate_limit_error"],
    ["provider_bad_answer", "api_error"],
    ["provider_overloaded", "overloaded_error"],
    ["provider_timeout", "timeout_error"],
    ["internal", "api_error"],
  ])("%s as %s", async (code, type) => {
    const error = await thrownByOfficialClient(new Fault(code));
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({
      status: errors[code].status,
      error: { type: "error", error: { type, message: errors[code].sentence }, request_id: "req_1" },
    });
  });

  test("with the path of the wrong field first", () => {
    const fault = new Fault("invalid_request", { param: "messages[0].role", detail: "Expected a string." });
    expect(encodeError(fault, "r")).toMatchObject({
      error: { message: `messages[0].role: ${errors.invalid_request.sentence} Expected a string.` },
    });
  });

  test("in the words by which clients know that the prompt is too long", () => {
    const message = JSON.stringify(encodeError(new Fault("context_length"), "r"));
    expect(message).toContain("prompt is too long");
    expect(decodeError(400, encodeError(new Fault("context_length"), "r")).code).toBe("context_length");
  });

  test("and never of its cause", () => {
    const fault = new Fault("internal", { cause: new Error("sk-secret") });
    expect(JSON.stringify(encodeError(fault, "r")) + errorFrame(fault, "r").data).not.toContain("sk-secret");
  });
});

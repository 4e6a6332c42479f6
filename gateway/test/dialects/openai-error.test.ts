import { describe, expect, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { openaiErrorBody, openaiFailure } from "../../src/dialects/openai-error.ts";

describe("a vendor's error", () => {
  test.each<[number | undefined, JsonObject | undefined, string]>([
    [400, { error: { message: "bad", type: "invalid_request_error", code: null } }, "provider_rejected"],
    [400, { error: { message: "long", code: "context_length_exceeded" } }, "context_length"],
    [400, { message: "This model's maximum context length is 9" }, "context_length"],
    [400, { error: { message: "filtered", code: "content_filter" } }, "content_filtered"],
    [
      400,
      { error: { message: "x", code: null, innererror: { code: "ResponsibleAIPolicyViolation" } } },
      "content_filtered",
    ],
    [401, { error: { message: "key", type: "invalid_request_error" } }, "provider_credentials"],
    [403, undefined, "provider_credentials"],
    [402, { detail: "pay" }, "provider_quota"],
    [404, { error: { message: "x", code: "model_not_found" } }, "provider_model_missing"],
    [404, { error: "model 'x' not found" }, "provider_model_missing"],
    [404, undefined, "provider_unavailable"],
    [429, { error: { message: "x", code: "insufficient_quota" } }, "provider_quota"],
    [429, { error: { message: "x" } }, "provider_rate_limited"],
    [500, { error: { message: "x", type: "server_error" } }, "provider_unavailable"],
    [502, undefined, "provider_unavailable"],
    [503, { error: { message: "x" } }, "provider_overloaded"],
    [504, undefined, "provider_timeout"],
    [undefined, { message: "x", code: 429 }, "provider_rate_limited"],
    [undefined, { message: "x" }, "provider_unavailable"],
  ])("%s %j is %s", (status, body, code) => {
    expect(openaiFailure(status, body).code).toBe(code);
  });

  test("keeps the vendor's words", () => {
    const error = {
      message: "Unsupported",
      type: "invalid_request_error",
      param: "seed",
      code: "unsupported",
    };
    expect(openaiFailure(400, { error })).toEqual({
      code: "provider_rejected",
      status: 400,
      message: "Unsupported",
      vendorType: "invalid_request_error",
      vendorCode: "unsupported",
      param: "seed",
    });
  });
});

describe("an error body", () => {
  test("has all four keys", () => {
    expect(openaiErrorBody(new Fault("invalid_key"), "r1")).toEqual({
      error: {
        message: new Fault("invalid_key").message,
        type: "authentication_error",
        param: null,
        code: "invalid_api_key",
      },
    });
  });

  test("tells the request id only where the operator has to look", () => {
    const message = (fault: Fault) => JSON.stringify(openaiErrorBody(fault, "request-7"));
    expect(message(new Fault("internal"))).toContain("request-7");
    expect(message(new Fault("model_not_found"))).not.toContain("request-7");
  });
});

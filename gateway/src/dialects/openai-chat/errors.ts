import type { Frame } from "../../core/dialect.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { ProviderFailure } from "../../core/failure.ts";
import type { Fault } from "../../core/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** Vendors' words for `error.code` and `error.type`, lower case. */
const words = new Map<string, ErrorCode>([
  ["context_length_exceeded", "context_length"],
  ["string_above_max_length", "context_length"],
  ["context_window_exceeded", "context_length"],
  ["insufficient_quota", "provider_quota"],
  ["insufficient_balance", "provider_quota"],
  ["billing_hard_limit_reached", "provider_quota"],
  ["billing_not_active", "provider_quota"],
  ["exceeded_current_quota_error", "provider_quota"],
  ["rate_limit_exceeded", "provider_rate_limited"],
  ["rate_limit_error", "provider_rate_limited"],
  ["rate_limit_reached_error", "provider_rate_limited"],
  ["too_many_requests", "provider_rate_limited"],
  ["content_filter", "content_filtered"],
  ["content_policy_violation", "content_filtered"],
  ["responsibleaipolicyviolation", "content_filtered"],
  ["model_not_found", "provider_model_missing"],
  ["deploymentnotfound", "provider_model_missing"],
  ["invalid_model", "provider_model_missing"],
  ["invalid_api_key", "provider_credentials"],
  ["authentication_error", "provider_credentials"],
  ["permission_denied", "provider_credentials"],
  ["overloaded_error", "provider_overloaded"],
  ["engine_overloaded", "provider_overloaded"],
  ["engine_overloaded_error", "provider_overloaded"],
  ["server_overloaded", "provider_overloaded"],
  ["service_unavailable", "provider_overloaded"],
  ["server_error", "provider_unavailable"],
  ["internal_server_error", "provider_unavailable"],
  ["invalid_request_error", "provider_rejected"],
]);

/** Engines that give no code say it in the sentence alone. */
const lengthSentences = ["maximum context length", "context window", "context length", "prompt is too long"];

function byStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return "provider_credentials";
    case 402:
      return "provider_quota";
    case 404:
      return "provider_model_missing";
    case 408:
    case 504:
      return "provider_timeout";
    case 429:
      return "provider_rate_limited";
    // 498: Groq's flex tier is full; 529: Anthropic's word for overload, handed on by aggregators.
    case 498:
    case 503:
    case 529:
      return "provider_overloaded";
    default:
      return status >= 400 && status < 500 ? "provider_rejected" : "provider_unavailable";
  }
}

function own(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value ?? null) && Object.hasOwn(value as JsonObject, key)
    ? (value as JsonObject)[key]
    : undefined;
}

function text(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" ? String(value) : undefined;
}

/** The object that describes the error: `error`, or the body itself; a bare string is its message. */
function described(body: JsonObject | undefined): JsonObject {
  const error = own(body, "error");
  if (typeof error === "string") return { message: error };
  if (isJsonObject(error ?? null)) return error as JsonObject;
  const detail = own(body, "detail");
  return typeof detail === "string" ? { message: detail } : (body ?? {});
}

/** What a vendor's error means. `status` is undefined inside a stream; a numeric `code` there is a status, too. */
export function failureOf(status: number | undefined, body: JsonObject | undefined): ProviderFailure {
  const error = described(body);
  const type = text(own(error, "type"));
  const code = text(own(error, "code"));
  const inner = text(own(own(error, "inner_error") ?? own(error, "innererror"), "code"));
  const param = text(own(error, "param"));
  const message = text(own(error, "message")) ?? "The provider gave no reason.";
  const told = [inner, code, type]
    .map((word) => (word === undefined ? undefined : words.get(word.toLowerCase())))
    .filter((found) => found !== undefined);
  const rejected = (status ?? 400) === 400 || status === 413 || status === 422;
  const lower = message.slice(0, 1000).toLowerCase();
  const tooLong = rejected && lengthSentences.some((sentence) => lower.includes(sentence));
  // `invalid_request_error` is the type of nearly all refusals: the status, where known, says more.
  const specific = told.find((found) => found !== "provider_rejected");
  const numeric = Number(code);
  const known = status ?? (numeric >= 400 && numeric < 600 ? numeric : undefined);
  return {
    code:
      specific ??
      (tooLong
        ? "context_length"
        : known === undefined
          ? (told[0] ?? "provider_unavailable")
          : byStatus(known)),
    ...(status === undefined ? {} : { status }),
    message: message.slice(0, 4000),
    ...(type === undefined ? {} : { vendorType: type }),
    ...(code === undefined ? {} : { vendorCode: code }),
    ...(param === undefined ? {} : { param }),
  };
}

/** OpenAI's own words, which its clients switch on. */
const codes: Partial<Record<ErrorCode, string>> = {
  context_length: "context_length_exceeded",
  content_filtered: "content_filter",
  missing_key: "invalid_api_key",
  invalid_key: "invalid_api_key",
  provider_rate_limited: "rate_limit_exceeded",
  provider_quota: "insufficient_quota",
};

function typeOf(fault: Fault): string {
  if (fault.code === "provider_quota") return "insufficient_quota";
  const { status } = fault.entry;
  if (status === 429) return "rate_limit_error";
  if (status >= 500) return "server_error";
  return status === 403 ? "permission_error" : "invalid_request_error";
}

/** `{error: {message, type, param, code}}`: all four are required. */
export function encodeError(fault: Fault): JsonObject {
  return {
    error: {
      message: fault.message,
      type: fault.vendorType ?? typeOf(fault),
      param: fault.param ?? null,
      code: fault.vendorCode ?? codes[fault.code] ?? fault.code,
    },
  };
}

export function errorFrame(fault: Fault): Frame {
  return { data: JSON.stringify(encodeError(fault)) };
}

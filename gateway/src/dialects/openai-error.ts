import type { ErrorCode } from "../core/errors.ts";
import type { ProviderFailure } from "../core/failure.ts";
import type { Fault } from "../core/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";

/**
 * `{"error":{message,type,param,code}}`, all four keys, as both of OpenAI's dialects answer.
 * https://platform.openai.com/docs/guides/error-codes
 */
export function openaiErrorBody(fault: Fault, requestId: string): JsonObject {
  return { error: openaiError(fault, requestId) };
}

/** The inner object of an error body. The request id is told where the caller can only hand it to the operator. */
export function openaiError(fault: Fault, requestId: string): JsonObject {
  return {
    message: fault.entry.owner === "us" ? `${fault.message} Request id: ${requestId}.` : fault.message,
    type: fault.vendorType ?? errorType(fault.code, fault.entry.status),
    param: fault.param ?? null,
    code: fault.vendorCode ?? codeWords.get(fault.code) ?? fault.code,
  };
}

/** Codes for which OpenAI has a word of its own that clients look for. */
const codeWords: ReadonlyMap<ErrorCode, string> = new Map<ErrorCode, string>([
  ["missing_key", "invalid_api_key"],
  ["invalid_key", "invalid_api_key"],
  ["context_length", "context_length_exceeded"],
  ["content_filtered", "content_filter"],
  ["provider_rate_limited", "rate_limit_exceeded"],
  ["provider_quota", "insufficient_quota"],
]);

function errorType(code: ErrorCode, status: number): string {
  if (code === "provider_quota") return "insufficient_quota";
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

/** What vendors put in `error.code` or `error.type`, whatever the status, in lower case. Azure's words included. */
const vendorWords: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ["context_length_exceeded", "context_length"],
  ["context_window_exceeded", "context_length"],
  ["string_above_max_length", "context_length"],
  ["content_filter", "content_filtered"],
  ["content_policy_violation", "content_filtered"],
  ["responsibleaipolicyviolation", "content_filtered"],
  ["model_not_found", "provider_model_missing"],
  ["deploymentnotfound", "provider_model_missing"],
  ["insufficient_quota", "provider_quota"],
  ["insufficient_balance", "provider_quota"],
  ["billing_hard_limit_reached", "provider_quota"],
  ["billing_not_active", "provider_quota"],
  ["exceeded_current_quota_error", "provider_quota"],
  ["rate_limit_exceeded", "provider_rate_limited"],
  ["rate_limit_error", "provider_rate_limited"],
  ["rate_limit_reached_error", "provider_rate_limited"],
  ["invalid_api_key", "provider_credentials"],
  ["authentication_error", "provider_credentials"],
  ["overloaded_error", "provider_overloaded"],
  ["engine_overloaded", "provider_overloaded"],
  ["engine_overloaded_error", "provider_overloaded"],
  ["server_overloaded", "provider_overloaded"],
  ["service_unavailable", "provider_overloaded"],
  ["server_error", "provider_unavailable"],
  ["invalid_prompt", "provider_rejected"],
  ["invalid_request_error", "provider_rejected"],
]);

/**
 * Reads a vendor's error. Liberal: `error` may be an object or a sentence, or the fields may stand at the top, as
 * engines that imitate OpenAI send them.
 *
 * @param status of the answer; undefined where the error came inside a stream.
 */
export function openaiFailure(status: number | undefined, body: JsonObject | undefined): ProviderFailure {
  const inner = body === undefined ? undefined : own(body, "error");
  const error = isJsonObject(inner) ? inner : (body ?? {});
  const type = word(own(error, "type"));
  const code = word(own(error, "code"));
  const param = word(own(error, "param"));
  const sentence =
    word(inner) ??
    word(own(error, "message")) ??
    word(own(error, "detail")) ??
    "The provider gave no reason.";
  return {
    code: failureCode(status ?? statusIn(error), [code, innerCode(error), type], sentence),
    ...(status === undefined ? {} : { status }),
    message: sentence,
    ...(type === undefined ? {} : { vendorType: type }),
    ...(code === undefined ? {} : { vendorCode: code }),
    ...(param === undefined ? {} : { param }),
  };
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function word(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Engines and aggregators put the HTTP status in `code`, as a number; Azure as its digits. */
function statusIn(error: JsonObject): number | undefined {
  const code = Number(own(error, "code") ?? Number.NaN);
  return code >= 400 && code < 600 ? code : undefined;
}

/** Azure tells the reason of a filter in `inner_error` (sometimes `innererror`). */
function innerCode(error: JsonObject): string | undefined {
  const inner = own(error, "inner_error") ?? own(error, "innererror");
  return isJsonObject(inner) ? word(own(inner, "code")) : undefined;
}

function failureCode(
  status: number | undefined,
  words: readonly (string | undefined)[],
  sentence: string,
): ErrorCode {
  // The engines' only sign of a prompt that is too long is their sentence.
  if (
    (status === undefined || status === 400 || status === 413) &&
    /maximum context length|context window|prompt is too long/i.test(sentence)
  )
    return "context_length";
  for (const spoken of words) {
    const known = spoken === undefined ? undefined : vendorWords.get(spoken.toLowerCase());
    // `invalid_request_error` is OpenAI's type for a wrong key and a missing model too: there the status tells more.
    if (known !== undefined && (known !== "provider_rejected" || status === undefined)) return known;
  }
  return status === undefined ? "provider_unavailable" : statusCode(status, sentence);
}

function statusCode(status: number, sentence: string): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return "provider_credentials";
    case 402:
      return "provider_quota";
    case 404:
      return /model|deployment/i.test(sentence) ? "provider_model_missing" : "provider_unavailable";
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

import type { Frame } from "../../core/dialect.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { ProviderFailure } from "../../core/failure.ts";
import type { Fault } from "../../core/fault.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";

/** https://platform.claude.com/docs/en/api/errors */
const byType = new Map<string, ErrorCode>([
  ["invalid_request_error", "provider_rejected"],
  ["authentication_error", "provider_credentials"],
  ["billing_error", "provider_quota"],
  ["permission_error", "provider_credentials"],
  ["not_found_error", "provider_model_missing"],
  ["request_too_large", "body_too_large"],
  ["rate_limit_error", "provider_rate_limited"],
  ["api_error", "provider_unavailable"],
  ["timeout_error", "provider_timeout"],
  ["overloaded_error", "provider_overloaded"],
]);

const byStatus = new Map<number, ErrorCode>([
  [401, "provider_credentials"],
  [402, "provider_quota"],
  [403, "provider_credentials"],
  [404, "provider_model_missing"],
  [408, "provider_timeout"],
  [413, "body_too_large"],
  [429, "provider_rate_limited"],
  [503, "provider_overloaded"],
  [504, "provider_timeout"],
  [529, "provider_overloaded"],
]);

/** What an `invalid_request_error` says that is more than that; the vendor tells these apart only by words. */
const bySentence: readonly (readonly [string, ErrorCode])[] = [
  ["prompt is too long", "context_length"],
  ["exceed context limit", "context_length"],
  ["context window", "context_length"],
  ["credit balance is too low", "provider_quota"],
  ["content filtering policy", "content_filtered"],
];

const typeByStatus = new Map<number, string>([
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [503, "overloaded_error"],
  [504, "timeout_error"],
]);

/** @param status undefined inside a stream. */
export function decodeError(status: number | undefined, body: JsonObject | undefined): ProviderFailure {
  const error = body?.["error"];
  const fields: JsonObject = isJsonObject(error) ? error : {};
  const type = textIn(fields["type"]);
  const details = fields["details"];
  const code = isJsonObject(details) ? textIn(details["error_code"]) : undefined;
  const message = textIn(fields["message"]) ?? textIn(error) ?? `status ${status ?? "unknown"}`;
  return {
    code: codeOf(type, status, message),
    ...(status === undefined ? {} : { status }),
    message,
    ...(type === undefined ? {} : { vendorType: type }),
    ...(code === undefined ? {} : { vendorCode: code }),
  };
}

function codeOf(type: string | undefined, status: number | undefined, message: string): ErrorCode {
  const code = (type === undefined ? undefined : byType.get(type)) ?? codeOfStatus(status);
  if (code !== "provider_rejected") return code;
  const sentence = message.toLowerCase();
  return bySentence.find(([words]) => sentence.includes(words))?.[1] ?? code;
}

function codeOfStatus(status: number | undefined): ErrorCode {
  if (status === undefined) return "provider_unavailable";
  const known = byStatus.get(status);
  if (known !== undefined) return known;
  if (status >= 500) return "provider_unavailable";
  return status >= 400 ? "provider_rejected" : "provider_bad_answer";
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Anthropic has no field for the wrong parameter: its path leads the sentence, as it does there. */
export function encodeError(fault: Fault, requestId: string): JsonObject {
  const { status } = fault.entry;
  const type = typeByStatus.get(status) ?? (status >= 499 ? "api_error" : "invalid_request_error");
  // Clients shorten the conversation when they read these words.
  const lead = fault.code === "context_length" ? "prompt is too long: " : "";
  const place = fault.param === undefined ? "" : `${fault.param}: `;
  return {
    type: "error",
    error: { type, message: `${lead}${place}${fault.message}` },
    request_id: requestId,
  };
}

export function errorFrame(fault: Fault, requestId: string): Frame {
  return { event: "error", data: JSON.stringify(encodeError(fault, requestId)) };
}

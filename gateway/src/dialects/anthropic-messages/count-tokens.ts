import type { RequestTarget } from "../../core/dialect.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Encoded } from "../../core/loss.ts";
import type { ChatRequest } from "../../core/request.ts";
import { Reader } from "../reader.ts";
import { decodeAnyRequest } from "./request-decode.ts";
import { encodeRequest } from "./request-encode.ts";

/** The fields of a messages request that the count takes: https://platform.claude.com/docs/en/api/messages/count_tokens */
const counted = new Set([
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "cache_control",
  "mcp_servers",
  "context_management",
  "speed",
]);

/**
 * POST /v1/messages/count_tokens: a messages request that need not say `max_tokens`.
 * @throws Fault `invalid_request`
 */
export function countTokensRequest(body: JsonObject): ChatRequest {
  return decodeAnyRequest(Reader.request(body));
}

/**
 * The same question for an Anthropic provider.
 * @throws Fault `vendor_only`
 */
export function encodeCountTokensRequest(request: ChatRequest, target: RequestTarget): Encoded<JsonObject> {
  const { body, losses } = encodeRequest(request, target);
  return { body: Object.fromEntries(Object.entries(body).filter(([key]) => counted.has(key))), losses };
}

export function countTokensAnswer(inputTokens: number): JsonObject {
  return { input_tokens: inputTokens };
}

/** @throws Fault `provider_bad_answer` */
export function decodeCountTokensAnswer(body: JsonObject): number {
  return Reader.answer(body).integer("input_tokens");
}

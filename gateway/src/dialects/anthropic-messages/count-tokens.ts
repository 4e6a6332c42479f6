import type { JsonObject } from "../../core/json.ts";
import type { ChatRequest } from "../../core/request.ts";
import { Reader } from "../reader.ts";
import { decodeAnyRequest } from "./request-decode.ts";

/**
 * POST /v1/messages/count_tokens: a messages request that need not say `max_tokens`,
 * https://platform.claude.com/docs/en/api/messages/count_tokens
 * @throws Fault `invalid_request`
 */
export function countTokensRequest(body: JsonObject): ChatRequest {
  return decodeAnyRequest(Reader.request(body));
}

export function countTokensAnswer(inputTokens: number): JsonObject {
  return { input_tokens: inputTokens };
}

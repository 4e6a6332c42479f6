import type { JsonObject } from "../core/json.ts";

/** A response that says of storing and continuing what the client asked for, not what the provider was told. */
export function asAsked(response: JsonObject, body: JsonObject): JsonObject {
  return {
    ...response,
    store: body["store"] !== false,
    previous_response_id: body["previous_response_id"] ?? null,
  };
}

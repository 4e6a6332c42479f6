import type { JsonObject } from "../core/json.ts";

/** Fields of a request that its response repeats as they are; with what stands there where the request has none. */
const repeated: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  model: "",
  parallel_tool_calls: true,
  previous_response_id: null,
  temperature: null,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: null,
  truncation: "disabled",
};

/** The response to a call that runs in the background, before it has begun. @param createdAt in Unix seconds. */
export function queuedResponse(id: string, createdAt: number, body: JsonObject): JsonObject {
  const echo = Object.fromEntries(
    Object.entries(repeated).map(([key, fallback]) => [
      key,
      (Object.hasOwn(body, key) ? body[key] : undefined) ?? fallback,
    ]),
  );
  return {
    id,
    object: "response",
    created_at: createdAt,
    status: "queued",
    background: true,
    error: null,
    incomplete_details: null,
    ...echo,
    output: [],
    store: true,
  };
}

import type { Quirks } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** Whether a vendor with these quirks understands the body as the client wrote it. */
export function passes(body: JsonObject, quirks: Quirks): boolean {
  const { maxTokensField, streamOptions, jsonSchema, developerRole, reasoningField } = quirks;
  if (maxTokensField === "max_tokens" && given(body["max_completion_tokens"])) return false;
  if (maxTokensField === "max_completion_tokens" && given(body["max_tokens"])) return false;
  if (streamOptions === false && given(body["stream_options"])) return false;
  const format = body["response_format"] ?? null;
  if (jsonSchema === false && isJsonObject(format) && format["type"] === "json_schema") return false;
  if (developerRole !== false && reasoningField === undefined) return true;
  const { messages } = body;
  if (!Array.isArray(messages)) return true;
  return messages.every((message) => {
    if (!isJsonObject(message)) return true;
    if (developerRole === false && message["role"] === "developer") return false;
    return reasoningField === undefined || message["role"] !== "assistant" || !holdsReasoning(message);
  });
}

/** Each vendor has its own field for it, and some refuse it. */
function holdsReasoning(message: JsonObject): boolean {
  return (
    given(message["reasoning_content"]) || given(message["reasoning"]) || given(message["reasoning_details"])
  );
}

function given(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

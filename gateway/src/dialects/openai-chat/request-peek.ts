import type { Feature, RequestPeek } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { Reader } from "../reader.ts";

const mediaFeatures = new Map<Json | undefined, Feature>([
  ["image_url", "image"],
  ["input_audio", "audio"],
  ["file", "file"],
]);

/** Looks at the kinds of the messages' parts, never at their text. */
function addMedia(messages: Json | undefined, features: Set<Feature>): void {
  if (!Array.isArray(messages)) return;
  for (const message of messages) {
    if (!isJsonObject(message)) continue;
    const { content } = message;
    if (!Array.isArray(content)) continue;
    for (const part of content) {
      const feature = isJsonObject(part) ? mediaFeatures.get(part["type"]) : undefined;
      if (feature !== undefined) features.add(feature);
    }
  }
}

function addTools(tools: Json | undefined, features: Set<Feature>): void {
  if (!Array.isArray(tools)) return;
  for (const tool of tools) {
    const type = isJsonObject(tool) ? tool["type"] : undefined;
    features.add(type === "function" || type === "custom" ? "tools" : "vendor_tools");
  }
}

/** @throws Fault `invalid_request` */
export function peekRequest(body: JsonObject): RequestPeek {
  const request = Reader.request(body);
  const model = request.string("model");
  const stream = request.optionalBoolean("stream") ?? false;
  const streamUsage = request.optionalObject("stream_options")?.optionalBoolean("include_usage");
  const completionLimit = request.optionalInteger("max_completion_tokens");
  const olderLimit = request.optionalInteger("max_tokens");
  const maxOutputTokens = completionLimit ?? olderLimit;
  const n = request.optionalInteger("n");
  const features = new Set<Feature>();
  addMedia(request.peek("messages"), features);
  addTools(request.peek("tools"), features);
  if (request.has("functions")) features.add("tools");
  if (request.has("web_search_options")) features.add("vendor_tools");
  if (request.optionalObject("response_format")?.peek("type") === "json_schema") features.add("json_schema");
  const effort = request.peek("reasoning_effort");
  if (effort !== undefined && effort !== "none") features.add("reasoning");
  if (request.peek("logprobs") === true) features.add("logprobs");
  return {
    model,
    stream,
    ...(!stream || streamUsage === undefined ? {} : { streamUsage }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(n === undefined ? {} : { n }),
    features: [...features],
  };
}

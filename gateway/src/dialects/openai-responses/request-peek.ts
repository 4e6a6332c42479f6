import type { Feature, RequestPeek } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { Reader } from "../reader.ts";
import { includeLogprobs } from "./request-decode.ts";

const contentFeatures: ReadonlyMap<Json, Feature> = new Map<Json, Feature>([
  ["input_image", "image"],
  ["input_file", "file"],
  ["input_audio", "audio"],
]);
const commonItems: ReadonlySet<Json> = new Set<Json>([
  "message",
  "function_call",
  "function_call_output",
  "custom_tool_call",
  "custom_tool_call_output",
]);

/** @throws Fault `invalid_request` */
export function peekRequest(json: JsonObject): RequestPeek {
  const body = Reader.request(json);
  const model = body.string("model");
  const stream = body.optionalBoolean("stream") ?? false;
  const most = body.optionalInteger("max_output_tokens");
  for (const key of ["store", "background"]) body.optionalBoolean(key);
  const features = new Set<Feature>();
  lookAtTools(body.optionalArray("tools") ?? [], features);
  const input = body.peek("input");
  if (Array.isArray(input)) for (const item of input) if (isJsonObject(item)) lookAtItem(item, features);
  const format = body.optionalObject("text")?.optionalJson("format");
  if (format !== undefined && own(format, "type") === "json_schema") features.add("json_schema");
  const effort = body.optionalObject("reasoning")?.peek("effort");
  if (body.has("reasoning") && effort !== "none") features.add("reasoning");
  if (body.has("top_logprobs") || (body.optionalArray("include") ?? []).includes(includeLogprobs))
    features.add("logprobs");
  return {
    model,
    stream,
    ...(most === undefined ? {} : { maxOutputTokens: most }),
    features: [...features],
  };
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function lookAtTools(tools: readonly Json[], features: Set<Feature>): void {
  for (const tool of tools) {
    if (!isJsonObject(tool)) continue;
    const type = own(tool, "type");
    features.add(type === "function" || type === "custom" ? "tools" : "vendor_tools");
  }
}

function lookAtItem(item: JsonObject, features: Set<Feature>): void {
  const type = own(item, "type") ?? (own(item, "role") === undefined ? "item_reference" : "message");
  // A model that does not reason can still continue from one that did: the earlier reasoning is left out for it.
  if (type === "reasoning") return;
  if (!commonItems.has(type)) {
    features.add("vendor_tools");
    return;
  }
  const content = own(item, type === "message" ? "content" : "output");
  if (!Array.isArray(content)) return;
  for (const piece of content) {
    const feature = isJsonObject(piece) ? contentFeatures.get(own(piece, "type") ?? null) : undefined;
    if (feature !== undefined) features.add(feature);
  }
}

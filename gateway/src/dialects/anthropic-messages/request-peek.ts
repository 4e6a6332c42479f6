import type { Feature, RequestPeek } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { Reader } from "../reader.ts";
import { isVendorTool } from "./tools.ts";

/** What the relay must know before it decodes the whole: looks at the kinds of blocks, never into them. */
export function peekRequest(body: JsonObject): RequestPeek {
  const reader = Reader.request(body);
  const model = reader.string("model");
  const stream = reader.optionalBoolean("stream") ?? false;
  const maxOutputTokens = reader.optionalInteger("max_tokens");
  const features = new Set<Feature>();
  for (const tool of reader.optionalArray("tools") ?? [])
    features.add(isVendorTool(tool) ? "vendor_tools" : "tools");
  if ((reader.optionalArray("mcp_servers") ?? []).length > 0) features.add("vendor_tools");
  const output = reader.optionalJson("output_config");
  if (output !== undefined && isJsonObject(output["format"])) features.add("json_schema");
  const thinking = reader.optionalJson("thinking")?.["type"];
  if (thinking === "enabled" || thinking === "adaptive") features.add("reasoning");
  for (const message of reader.optionalArray("messages") ?? []) {
    if (isJsonObject(message)) findMedia(message["content"], features, false);
  }
  return {
    model,
    stream,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    features: [...features],
  };
}

function findMedia(content: Json | undefined, features: Set<Feature>, inResult: boolean): void {
  if (!Array.isArray(content)) return;
  for (const block of content) {
    if (!isJsonObject(block)) continue;
    if (block["type"] === "image") features.add("image");
    else if (block["type"] === "document") features.add("file");
    else if (block["type"] === "tool_result" && !inResult) findMedia(block["content"], features, true);
  }
}

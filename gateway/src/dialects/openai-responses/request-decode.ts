import type { Extra } from "../../core/extra.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { ChatRequest, ReasoningRequest } from "../../core/request.ts";
import { Reader } from "../reader.ts";
import { decodeInput } from "./input-decode.ts";
import { decodeFormat, decodeReasoningSettings } from "./text-settings.ts";
import { decodeTool, decodeToolChoice } from "./tools.ts";

const self = "openai-responses";

export const includeEncrypted = "reasoning.encrypted_content";
export const includeLogprobs = "message.output_text.logprobs";

function optional<const Key extends string, Value>(key: Key, value: Value | undefined) {
  return (value === undefined ? {} : { [key]: value }) as { readonly [Name in Key]?: Value };
}

/**
 * A body of POST /responses. `previous_response_id` is only named here: whoever keeps the conversations puts the
 * earlier items into `input` first. https://platform.openai.com/docs/api-reference/responses/create
 *
 * @throws Fault `invalid_request`
 */
export function decodeRequest(json: JsonObject): ChatRequest {
  const body = Reader.request(json);
  const kept = new Map<string, Json>();
  const model = body.string("model");
  const messages = decodeInput(body);
  const include = decodeInclude(body, kept);
  const text = body.optionalObject("text");
  const format = text?.optionalObject("format");
  const verbosity = text?.optionalOneOf("verbosity", ["low", "medium", "high"]);
  const responseFormat = format === undefined ? undefined : decodeFormat(format);
  keepRest("text", text, kept);
  const top = body.optionalInteger("top_logprobs");
  const logprobs = include.logprobs || top !== undefined ? optional("top", top) : undefined;
  return {
    model,
    messages,
    stream: body.optionalBoolean("stream") ?? false,
    ...optional("maxOutputTokens", body.optionalInteger("max_output_tokens")),
    ...optional("temperature", body.optionalNumber("temperature")),
    ...optional("topP", body.optionalNumber("top_p")),
    ...optional("logprobs", logprobs),
    ...optional("tools", body.optionalItems("tools")?.map(decodeTool)),
    ...optional("toolChoice", decodeToolChoice(body)),
    ...optional("parallelToolCalls", body.optionalBoolean("parallel_tool_calls")),
    ...optional("responseFormat", responseFormat),
    ...optional("reasoning", decodeReasoning(body, include.encrypted, kept)),
    ...optional("verbosity", verbosity),
    ...optional("metadata", decodeMetadata(body)),
    ...optional("user", decodeUser(body)),
    ...optional("serviceTier", body.optionalString("service_tier")),
    ...optional("promptCache", decodePromptCache(body)),
    ...optional("store", body.optionalBoolean("store")),
    ...optional("previousResponseId", body.optionalString("previous_response_id")),
    ...optional("extra", extraOf(body, kept)),
  };
}

function decodeInclude(body: Reader, kept: Map<string, Json>): { encrypted: boolean; logprobs: boolean } {
  const include = body.optionalStrings("include") ?? [];
  const rest = include.filter((word) => word !== includeEncrypted && word !== includeLogprobs);
  if (rest.length > 0) kept.set("include", rest);
  return { encrypted: include.includes(includeEncrypted), logprobs: include.includes(includeLogprobs) };
}

function decodeReasoning(
  body: Reader,
  encrypted: boolean,
  kept: Map<string, Json>,
): ReasoningRequest | undefined {
  const reader = body.optionalObject("reasoning");
  const settings = reader === undefined ? undefined : decodeReasoningSettings(reader);
  keepRest("reasoning", reader, kept);
  return encrypted ? { ...settings, encrypted } : settings;
}

function decodeMetadata(body: Reader): Record<string, string> | undefined {
  const metadata = body.optionalObject("metadata");
  if (metadata === undefined) return undefined;
  const pairs = Object.keys(metadata.verbatim()).map((key): [string, string] => [key, metadata.string(key)]);
  return Object.fromEntries(pairs);
}

/** OpenAI has renamed `user` to `safety_identifier`; where both are sent, the second stays as it is. */
function decodeUser(body: Reader): string | undefined {
  const user = body.optionalString("user");
  return user === undefined ? body.optionalString("safety_identifier") : user;
}

function decodePromptCache(body: Reader): ChatRequest["promptCache"] {
  const key = body.optionalString("prompt_cache_key");
  const retention = body.optionalString("prompt_cache_retention");
  if (key === undefined && retention === undefined) return undefined;
  return { ...optional("key", key), ...optional("retention", retention) };
}

/** Keeps the fields of a nested object that nobody took under the object's own name. */
function keepRest(key: string, reader: Reader | undefined, kept: Map<string, Json>): void {
  const rest = reader?.rest(self);
  if (rest !== undefined) kept.set(key, rest.fields);
}

function extraOf(body: Reader, kept: ReadonlyMap<string, Json>): Extra | undefined {
  const rest = body.rest(self);
  if (kept.size === 0) return rest;
  return { dialect: self, fields: { ...rest?.fields, ...Object.fromEntries(kept) } };
}

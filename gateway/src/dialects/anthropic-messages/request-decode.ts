import type { Extra } from "../../core/extra.ts";
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { ChatRequest, ReasoningRequest, ResponseFormat } from "../../core/request.ts";
import { Reader } from "../reader.ts";
import { decodeMessages } from "./messages-decode.ts";
import { origin } from "./origin.ts";
import { decodeThinking } from "./thinking.ts";
import { decodeToolChoice } from "./tool-choice.ts";
import { decodeTool } from "./tools.ts";

const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

/**
 * POST /v1/messages, https://platform.claude.com/docs/en/api/messages/create
 * @throws Fault `invalid_request`
 */
export function decodeRequest(body: JsonObject): ChatRequest {
  const reader = Reader.request(body);
  reader.integer("max_tokens");
  return decodeAnyRequest(reader);
}

/** A messages request whose `max_tokens` may be missing. */
export function decodeAnyRequest(body: Reader): ChatRequest {
  const model = body.string("model");
  const messages = decodeMessages(body);
  const stream = body.optionalBoolean("stream") ?? false;
  const fields: Omit<ChatRequest, "model" | "messages" | "stream"> = {
    ...given("maxOutputTokens", body.optionalInteger("max_tokens")),
    ...given("temperature", body.optionalNumber("temperature")),
    ...given("topP", body.optionalNumber("top_p")),
    ...given("topK", body.optionalInteger("top_k")),
    ...given("stop", body.optionalStrings("stop_sequences")),
    ...given("tools", body.optionalItems("tools")?.map(decodeTool)),
    ...given("serviceTier", body.optionalString("service_tier")),
  };
  const choice = body.has("tool_choice") ? decodeToolChoice(body.object("tool_choice")) : undefined;
  const metadata = body.optionalObject("metadata");
  const user = metadata?.optionalString("user_id");
  const thinking = decodeThinking(body);
  const output = decodeOutput(body.optionalObject("output_config"));
  const reasoning: ReasoningRequest = { ...thinking?.reasoning, ...given("effort", output.effort) };
  const extra = extraOf(body, {
    tool_choice: choice?.rest,
    metadata: metadata?.rest(origin)?.fields,
    thinking: thinking?.rest,
    output_config: output.rest,
  });
  return {
    model,
    messages,
    stream,
    ...fields,
    ...given("toolChoice", choice?.toolChoice),
    ...given("parallelToolCalls", choice?.parallelToolCalls),
    ...given("responseFormat", output.format),
    ...(Object.keys(reasoning).length === 0 ? {} : { reasoning }),
    ...given("user", user),
    ...given("extra", extra),
  };
}

type Given<Key extends string, Value> = { readonly [key in Key]?: Exclude<Value, undefined> };

function given<const Key extends string, Value>(key: Key, value: Value): Given<Key, Value> {
  return (value === undefined ? {} : { [key]: value }) as Given<Key, Value>;
}

interface DecodedOutput {
  readonly effort?: ReasoningRequest["effort"];
  readonly format?: ResponseFormat;
  readonly rest?: JsonObject;
}

/** `output_config`: an effort or a format of an unknown kind stays among the extra fields. */
function decodeOutput(output: Reader | undefined): DecodedOutput {
  if (output === undefined) return {};
  const effort = efforts.find((known) => known === output.peek("effort"));
  if (effort !== undefined || typeof output.peek("effort") !== "string") output.optionalString("effort");
  const schema = formatSchema(output);
  const rest = output.rest(origin)?.fields;
  return {
    ...(effort === undefined ? {} : { effort }),
    ...(schema === undefined ? {} : { format: { type: "json_schema", schema } }),
    ...(rest === undefined ? {} : { rest }),
  };
}

function formatSchema(output: Reader): JsonObject | undefined {
  const body = output.peek("format");
  if (isJsonObject(body) && (body["type"] !== "json_schema" || Object.keys(body).length > 2))
    return undefined;
  return output.optionalObject("format")?.json("schema");
}

/** Fields that nobody took; those of a nested object stay under its name. */
function extraOf(body: Reader, nested: Readonly<Record<string, JsonObject | undefined>>): Extra | undefined {
  const rest = body.rest(origin);
  const left = Object.entries(nested).filter(
    (entry): entry is [string, JsonObject] => entry[1] !== undefined,
  );
  if (left.length === 0) return rest;
  return { dialect: origin, fields: { ...rest?.fields, ...Object.fromEntries(left) } };
}

import { Fault } from "../../core/fault.ts";
import type { JsonObject } from "../../core/json.ts";
import type { ChatRequest, ResponseFormat } from "../../core/request.ts";
import { Reader } from "../reader.ts";
import { id } from "./id.ts";
import { decodeMessages } from "./message-decode.ts";
import { decodeTool, decodeToolChoice } from "./tools.ts";

const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

function decodeFormat(format: Reader): ResponseFormat {
  const type = format.oneOf("type", ["text", "json_object", "json_schema"]);
  if (type !== "json_schema") return { type };
  const inner = format.object("json_schema");
  const name = inner.string("name");
  const description = inner.optionalString("description");
  const strict = inner.optionalBoolean("strict");
  return {
    type,
    name,
    ...(description === undefined ? {} : { description }),
    // Without a schema, any object will do.
    schema: inner.optionalJson("schema") ?? {},
    ...(strict === undefined ? {} : { strict }),
  };
}

function decodeStop(request: Reader): readonly string[] | undefined {
  const stop = request.peek("stop");
  if (typeof stop !== "string") return request.optionalStrings("stop");
  request.take("stop");
  return [stop];
}

/** A record of one kind of value. */
function decodeRecord<Value>(
  request: Reader,
  key: string,
  kind: "string" | "number",
): Readonly<Record<string, Value>> | undefined {
  const record = request.optionalJson(key);
  if (record === undefined) return undefined;
  for (const value of Object.values(record)) {
    if (typeof value !== kind) throw request.fault(key, `Expected values that are each a ${kind}.`);
  }
  return Object.fromEntries(Object.entries(record)) as Record<string, Value>;
}

/** Fields of the request that are one value in the neutral form and here, by the dialect's name. */
function decodeSampling(request: Reader) {
  return withoutUndefined({
    temperature: request.optionalNumber("temperature"),
    topP: request.optionalNumber("top_p"),
    topK: request.optionalInteger("top_k"),
    frequencyPenalty: request.optionalNumber("frequency_penalty"),
    presencePenalty: request.optionalNumber("presence_penalty"),
    logitBias: decodeRecord<number>(request, "logit_bias", "number"),
    stop: decodeStop(request),
    seed: request.optionalInteger("seed"),
    n: request.optionalInteger("n"),
    parallelToolCalls: request.optionalBoolean("parallel_tool_calls"),
    verbosity: request.optionalOneOf("verbosity", ["low", "medium", "high"]),
    metadata: decodeRecord<string>(request, "metadata", "string"),
    serviceTier: request.optionalString("service_tier"),
    store: request.optionalBoolean("store"),
    toolChoice: decodeToolChoice(request),
  });
}

type Present<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

function withoutUndefined<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>;
}

/** `user` is being replaced by `safety_identifier`; where both are given the second stays among the extra fields. */
function decodeUser(request: Reader): string | undefined {
  return request.optionalString("user") ?? request.optionalString("safety_identifier");
}

function decodePromptCache(request: Reader): ChatRequest["promptCache"] {
  const key = request.optionalString("prompt_cache_key");
  const retention = request.optionalString("prompt_cache_retention");
  if (key === undefined && retention === undefined) return undefined;
  return { ...(key === undefined ? {} : { key }), ...(retention === undefined ? {} : { retention }) };
}

function decodeLogprobsWish(request: Reader): ChatRequest["logprobs"] {
  if (request.optionalBoolean("logprobs") !== true) return undefined;
  const top = request.optionalInteger("top_logprobs");
  return top === undefined ? {} : { top };
}

/** @throws Fault `invalid_request` */
export function decodeRequest(body: JsonObject): ChatRequest {
  const request = Reader.request(body);
  const model = request.string("model");
  const messages = decodeMessages(request);
  if (messages.length === 0) {
    throw new Fault("invalid_request", { param: "messages", detail: "Expected at least one message." });
  }
  const stream = request.optionalBoolean("stream") ?? false;
  const streamOptions = request.optionalObject("stream_options");
  const streamUsage = streamOptions?.optionalBoolean("include_usage");
  // The older name has the same meaning where a vendor still takes it.
  const completionLimit = request.optionalInteger("max_completion_tokens");
  const olderLimit = request.optionalInteger("max_tokens");
  const maxOutputTokens = completionLimit ?? olderLimit;
  const sampling = decodeSampling(request);
  const tools = request.optionalItems("tools")?.map(decodeTool);
  const format = request.optionalObject("response_format");
  const effort = request.optionalOneOf("reasoning_effort", efforts);
  const logprobs = decodeLogprobsWish(request);
  const user = decodeUser(request);
  const promptCache = decodePromptCache(request);
  const streamRest = streamOptions?.rest(id)?.fields;
  const fields = {
    ...request.rest(id)?.fields,
    ...(streamRest === undefined ? {} : { stream_options: streamRest }),
  };
  return {
    model,
    messages,
    stream,
    ...(!stream || streamUsage === undefined ? {} : { streamUsage }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...sampling,
    ...(logprobs === undefined ? {} : { logprobs }),
    ...(tools === undefined ? {} : { tools }),
    ...(format === undefined ? {} : { responseFormat: decodeFormat(format) }),
    ...(effort === undefined ? {} : { reasoning: { effort } }),
    ...(user === undefined ? {} : { user }),
    ...(promptCache === undefined ? {} : { promptCache }),
    ...(Object.keys(fields).length === 0 ? {} : { extra: { dialect: id, fields } }),
  };
}

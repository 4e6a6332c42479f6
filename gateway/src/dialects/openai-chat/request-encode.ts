import type { RequestTarget } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { type Encoded, Losses } from "../../core/loss.ts";
import type { ChatRequest, ReasoningRequest, ResponseFormat } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import { nearestEffort } from "../reasoning-effort.ts";
import { id } from "./id.ts";
import { encodeMessages } from "./message-encode.ts";
import { encodeTool, encodeToolChoice } from "./tools.ts";

function encodeFormat(format: ResponseFormat, jsonSchema: boolean, losses: Losses): JsonObject {
  if (format.type !== "json_schema") return { type: format.type };
  if (!jsonSchema) {
    losses.add("responseFormat.schema");
    return { type: "json_object" };
  }
  // A name is required, and other dialects have none.
  if (format.name === undefined) losses.add("responseFormat");
  return {
    type: "json_schema",
    json_schema: {
      name: format.name ?? "answer",
      ...(format.description === undefined ? {} : { description: format.description }),
      schema: format.schema,
      ...(format.strict === undefined ? {} : { strict: format.strict }),
    },
  };
}

/**
 * The dialect knows effort alone; a budget becomes the nearest one. `none` is said only to vendors that show their
 * reasoning in it: models that do not reason refuse the word.
 */
function encodeEffort(
  reasoning: ReasoningRequest,
  quirks: RequestTarget["quirks"],
  losses: Losses,
): Json | undefined {
  for (const field of ["mode", "budgetTokens", "summary", "encrypted"] as const) {
    if (reasoning[field] !== undefined) losses.add(`reasoning.${field}`);
  }
  const effort = nearestEffort(reasoning);
  const silenced = reasoning.mode === "disabled" && quirks.reasoningField !== undefined;
  return effort === undefined && silenced ? "none" : effort;
}

/** A stream is always asked for its usage, since every call is metered; the caller's own wish is heard on the way back. */
function streamFields(request: ChatRequest, quirks: RequestTarget["quirks"], kept: JsonObject): JsonObject {
  const stream: JsonObject = request.stream ? { stream: true } : {};
  if (quirks.streamOptions === false) return stream;
  const options: JsonObject = { ...kept, ...(request.stream ? { include_usage: true } : {}) };
  return { ...stream, ...(Object.keys(options).length === 0 ? {} : { stream_options: options }) };
}

/** @throws Fault `vendor_only` */
export function encodeRequest(request: ChatRequest, target: RequestTarget): Encoded<JsonObject> {
  const { quirks } = target;
  const losses = new Losses();
  const { stream_options: kept, ...extra } = extraFields(request.extra, id, losses, "") ?? {};
  if (request.topK !== undefined) losses.add("topK");
  if (request.previousResponseId !== undefined) losses.add("previousResponseId");
  if (request.streamUsage !== undefined && quirks.streamOptions === false) losses.add("streamUsage");
  const effort =
    request.reasoning === undefined ? undefined : encodeEffort(request.reasoning, quirks, losses);
  const fields: Record<string, Json | undefined> = {
    model: request.model,
    messages: encodeMessages(request.messages, quirks, losses),
    ...streamFields(request, quirks, isJsonObject(kept ?? null) ? (kept as JsonObject) : {}),
    [quirks.maxTokensField ?? "max_completion_tokens"]: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logit_bias: request.logitBias,
    stop: request.stop === undefined ? undefined : [...request.stop],
    seed: request.seed,
    n: request.n,
    logprobs: request.logprobs === undefined ? undefined : true,
    top_logprobs: request.logprobs?.top,
    tools: request.tools?.map((tool, index) => encodeTool(tool, losses, `tools[${index}]`)),
    tool_choice: request.toolChoice === undefined ? undefined : encodeToolChoice(request.toolChoice),
    parallel_tool_calls: request.parallelToolCalls,
    response_format:
      request.responseFormat === undefined
        ? undefined
        : encodeFormat(request.responseFormat, quirks.jsonSchema !== false, losses),
    reasoning_effort: effort,
    verbosity: request.verbosity,
    metadata: request.metadata,
    user: request.user,
    service_tier: request.serviceTier,
    prompt_cache_key: request.promptCache?.key,
    prompt_cache_retention: request.promptCache?.retention,
    store: request.store,
  };
  const body: JsonObject = { ...extra };
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) body[key] = value;
  return { body, losses: losses.fields };
}

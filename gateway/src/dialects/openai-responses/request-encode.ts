import type { RequestTarget } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { type Encoded, Losses } from "../../core/loss.ts";
import type { ChatRequest } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import { vendorOnly } from "./content.ts";
import { encodeInput, instructionsOf } from "./input-encode.ts";
import { includeEncrypted, includeLogprobs } from "./request-decode.ts";
import { encodeReasoningSettings, encodeText } from "./text-settings.ts";
import { encodeToolChoice, encodeTools } from "./tools.ts";

const self = "openai-responses";
/** OpenAI refuses a smaller `max_output_tokens`. */
const leastOutputTokens = 16;

const unsayable = [
  "topK",
  "frequencyPenalty",
  "presencePenalty",
  "logitBias",
  "stop",
  "seed",
  "previousResponseId",
] as const satisfies readonly (keyof ChatRequest)[];

/**
 * For a provider. Conversations are kept by us, so the provider is told to store nothing, and is asked for its
 * reasoning sealed wherever it may reason, since it could not find it by id in the next turn. `store`, `n: 1` and
 * `streamUsage` say nothing that this wire does not grant anyhow: leaving them out is no loss.
 *
 * @throws Fault `vendor_only`
 */
export function encodeRequest(request: ChatRequest, _target: RequestTarget): Encoded<JsonObject> {
  const losses = new Losses();
  for (const field of unsayable) if (request[field] !== undefined) losses.add(field);
  if (request.n !== undefined && request.n !== 1) losses.add("n");
  const instructions = instructionsOf(request.messages);
  const input = encodeInput(request.messages, instructions === undefined ? 0 : 1, losses);
  const extra = providerExtra(extraFields(request.extra, self, losses, ""));
  const text = encodeText(request, kept(extra, "text"), losses);
  const reasoning = encodeReasoningSettings(request.reasoning, kept(extra, "reasoning"), losses);
  const include = includeOf(request, extra);
  return {
    body: {
      ...extra,
      ...(extra?.["store"] === undefined ? { store: false } : {}),
      model: request.model,
      ...(instructions === undefined ? {} : { instructions }),
      input,
      ...(request.stream ? { stream: true } : {}),
      ...encodeSampling(request, losses),
      ...encodeTooling(request, losses),
      ...(text === undefined ? {} : { text }),
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(include.length === 0 ? {} : { include }),
      ...encodeHousekeeping(request, losses),
    },
    losses: losses.fields,
  };
}

/** Whether a call runs in the background is between the client and us. */
function providerExtra(extra: JsonObject | undefined): JsonObject | undefined {
  if (extra === undefined || !Object.hasOwn(extra, "background")) return extra;
  const { background: _background, ...rest } = extra;
  return rest;
}

function kept(extra: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = extra !== undefined && Object.hasOwn(extra, key) ? extra[key] : undefined;
  return isJsonObject(value) ? value : undefined;
}

function encodeSampling(request: ChatRequest, losses: Losses): JsonObject {
  const { maxOutputTokens: most, temperature, topP, logprobs } = request;
  if (most !== undefined && most < leastOutputTokens) losses.add("maxOutputTokens");
  return {
    ...(most === undefined ? {} : { max_output_tokens: Math.max(most, leastOutputTokens) }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(logprobs?.top === undefined ? {} : { top_logprobs: logprobs.top }),
  };
}

function encodeTooling(request: ChatRequest, losses: Losses): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request;
  const choice = toolChoice === undefined ? undefined : encodeToolChoice(toolChoice, losses);
  if (choice === undefined && toolChoice?.type === "vendor") throw vendorOnly(toolChoice.value);
  return {
    ...(tools === undefined ? {} : { tools: encodeTools(tools, losses) }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function includeOf(request: ChatRequest, extra: JsonObject | undefined): Json[] {
  const others = extra !== undefined && Object.hasOwn(extra, "include") ? extra["include"] : undefined;
  const include: Json[] = Array.isArray(others) ? [...others] : [];
  if (wantsEncrypted(request)) include.push(includeEncrypted);
  if (request.logprobs !== undefined) include.push(includeLogprobs);
  return include;
}

/** Models that do not reason refuse the request that asks for it. */
function wantsEncrypted(request: ChatRequest): boolean {
  const { reasoning, messages } = request;
  if (reasoning !== undefined)
    return reasoning.encrypted === true || (reasoning.effort !== "none" && reasoning.mode !== "disabled");
  return messages.some(({ parts }) =>
    parts.some((part) => part.type === "reasoning" && part.signature?.origin === self),
  );
}

function encodeHousekeeping(request: ChatRequest, losses: Losses): JsonObject {
  const { metadata, user, serviceTier, promptCache } = request;
  if (promptCache !== undefined && promptCache.key === undefined && promptCache.retention === undefined)
    losses.add("promptCache");
  return {
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
    ...(user === undefined ? {} : { user }),
    ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
    ...(promptCache?.key === undefined ? {} : { prompt_cache_key: promptCache.key }),
    ...(promptCache?.retention === undefined ? {} : { prompt_cache_retention: promptCache.retention }),
  };
}

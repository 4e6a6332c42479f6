import type { RequestTarget } from "../../core/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { type Encoded, Losses } from "../../core/loss.ts";
import type { ChatRequest } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import { encodeMessages } from "./messages-encode.ts";
import { origin } from "./origin.ts";
import { encodeSampling } from "./sampling.ts";
import { encodeThinking } from "./thinking.ts";
import { encodeToolChoice } from "./tool-choice.ts";
import { encodeTool } from "./tools.ts";

/** What no Anthropic model can be told. */
const unsayable = [
  "logitBias",
  "seed",
  "logprobs",
  "verbosity",
  "metadata",
  "promptCache",
  "previousResponseId",
] as const satisfies readonly (keyof ChatRequest)[];

/**
 * Not said and not lost: Anthropic always tells usage, always signs its reasoning, and keeps nothing; one answer
 * without penalties is what it gives.
 */
function addUnsayable(request: ChatRequest, losses: Losses): void {
  for (const field of unsayable) if (request[field] !== undefined) losses.add(field);
  if (request.store === true) losses.add("store");
  if ((request.n ?? 1) !== 1) losses.add("n");
  for (const field of ["frequencyPenalty", "presencePenalty"] as const) {
    if ((request[field] ?? 0) !== 0) losses.add(field);
  }
}

/**
 * POST /v1/messages, https://platform.claude.com/docs/en/api/messages/create
 * @throws Fault `vendor_only`
 */
export function encodeRequest(request: ChatRequest, target: RequestTarget): Encoded<JsonObject> {
  const losses = new Losses();
  addUnsayable(request, losses);
  const { system, messages, unthoughtToolTurn } = encodeMessages(request.messages, target.quirks, losses);
  const choice = encodeToolChoice(request, losses);
  const forced = choice?.["type"] === "any" || choice?.["type"] === "tool";
  const { thinking, effort, maxTokens } = encodeThinking(
    request.reasoning,
    request.maxOutputTokens,
    target,
    (kind) => forced || (kind === "enabled" && unthoughtToolTurn),
    losses,
  );
  const thinks = thinking !== undefined && thinking["type"] !== "disabled";
  const kept: JsonObject = extraFields(request.extra, origin, losses, "") ?? {};
  const { tool_choice: keptChoice, thinking: keptThinking, output_config, metadata, ...own } = kept;
  const tools = request.tools?.map((tool, index) => encodeTool(tool, losses, `tools[${index}]`));
  const output = { ...(effort === undefined ? {} : { effort }), ...encodeFormat(request, losses) };
  const body: JsonObject = {
    ...own,
    model: request.model,
    max_tokens: maxTokens,
    ...(request.stream ? { stream: true } : {}),
    ...(system === undefined ? {} : { system }),
    messages,
    ...encodeSampling(request, thinks, losses),
    ...(request.stop === undefined ? {} : { stop_sequences: [...request.stop] }),
    ...(tools === undefined ? {} : { tools }),
    ...joined("tool_choice", keptChoice, choice),
    ...joined("thinking", keptThinking, thinking),
    ...joined("output_config", output_config, Object.keys(output).length === 0 ? undefined : output),
    ...joined("metadata", metadata, request.user === undefined ? undefined : { user_id: request.user }),
    ...encodeServiceTier(request, losses),
  };
  return { body, losses: losses.fields };
}

/** A nested object with the fields of it that have no neutral word; what lost its type is not said at all. */
function joined(key: string, kept: Json | undefined, said: JsonObject | undefined): JsonObject {
  if (!isJsonObject(kept)) return said === undefined ? {} : { [key]: said };
  if (said !== undefined) return { [key]: { ...kept, ...said } };
  const typed = key === "tool_choice" || key === "thinking";
  return typed && !Object.hasOwn(kept, "type") ? {} : { [key]: kept };
}

function encodeFormat(request: ChatRequest, losses: Losses): { format?: JsonObject } {
  const format = request.responseFormat;
  if (format === undefined || format.type === "text") return {};
  if (format.type === "json_object") {
    losses.add("responseFormat");
    return {};
  }
  if (format.description !== undefined) losses.add("responseFormat.description");
  // The name is a label, and Anthropic is always strict.
  if (format.strict === false) losses.add("responseFormat.strict");
  return { format: { type: "json_schema", schema: format.schema } };
}

function encodeServiceTier({ serviceTier }: ChatRequest, losses: Losses): { service_tier?: string } {
  if (serviceTier === undefined) return {};
  if (serviceTier === "auto" || serviceTier === "standard_only") return { service_tier: serviceTier };
  losses.add("serviceTier");
  return {};
}

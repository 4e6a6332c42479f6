import type { AnswerContext } from "../../core/dialect.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { Losses } from "../../core/loss.ts";
import type { ChatRequest } from "../../core/request.ts";
import { instructionsOf } from "./input-encode.ts";
import { encodeFormat } from "./text-settings.ts";
import { encodeTool, encodeToolChoice } from "./tools.ts";

/** Fields of a response that only repeat the request, or keep the vendor's books. They say nothing of the answer. */
export const echoedFields: readonly string[] = [
  "background",
  "billing",
  "completed_at",
  "frequency_penalty",
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "object",
  "output_text",
  "parallel_tool_calls",
  "presence_penalty",
  "previous_response_id",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning",
  "safety_identifier",
  "store",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "user",
];

/** What a response repeats of its request, in the wire's shape. What this wire cannot repeat is left out. */
export function requestEcho({ request }: AnswerContext): JsonObject {
  const { temperature, topP, logprobs, metadata, user, promptCache } = request;
  return {
    background: false,
    instructions: instructionsOf(request.messages) ?? null,
    max_output_tokens: request.maxOutputTokens ?? null,
    metadata: metadata === undefined ? {} : { ...metadata },
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: request.previousResponseId ?? null,
    ...(promptCache?.key === undefined ? {} : { prompt_cache_key: promptCache.key }),
    reasoning: echoReasoning(request),
    store: request.store ?? true,
    temperature: temperature ?? null,
    text: echoText(request),
    tool_choice: echoChoice(request),
    tools: echoTools(request),
    ...(logprobs?.top === undefined ? {} : { top_logprobs: logprobs.top }),
    top_p: topP ?? null,
    truncation: "disabled",
    ...(user === undefined ? {} : { user }),
  };
}

function echoReasoning({ reasoning }: ChatRequest): Json {
  const summary = reasoning?.summary;
  return {
    effort: reasoning?.effort ?? null,
    summary: summary === undefined || summary === "omitted" ? null : summary,
  };
}

function echoText({ responseFormat, verbosity }: ChatRequest): Json {
  const format = encodeFormat(responseFormat ?? { type: "text" }, new Losses());
  return { format, ...(verbosity === undefined ? {} : { verbosity }) };
}

function echoChoice({ toolChoice }: ChatRequest): Json {
  return toolChoice === undefined ? "auto" : (encodeToolChoice(toolChoice, new Losses()) ?? "auto");
}

function echoTools({ tools }: ChatRequest): Json[] {
  const said: Json[] = [];
  for (const tool of tools ?? []) {
    const echo = encodeTool(tool, "", new Losses());
    if (echo !== undefined) said.push(echo);
  }
  return said;
}

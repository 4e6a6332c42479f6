import type { ChatDialectId } from "../../core/extra.ts";
import type { Part, TextPart } from "../../core/part.ts";
import type { ChatRequest } from "../../core/request.ts";
import type { ChatResponse, Choice, Finish } from "../../core/response.ts";
import type { Usage } from "../../core/usage.ts";
import { valueFor } from "./sim-json.ts";
import { simLogprobs } from "./sim-logprobs.ts";
import type { SimModel } from "./sim-models.ts";
import { describeMedia, inputTokens, lastToolText, lastUserText } from "./sim-prompt.ts";
import { recognisedReasoning, simReasoning } from "./sim-reasoning.ts";
import type { SimSettings } from "./sim-settings.ts";
import { countTokens, firstTokens, loremText } from "./sim-text.ts";
import { simToolCalls } from "./sim-tools.ts";

export interface SimQuestion {
  readonly request: ChatRequest;
  readonly model: SimModel;
  readonly settings: SimSettings;
  readonly dialect: ChatDialectId;
  /** Unix seconds. */
  readonly now: number;
  /** A fresh random part of an id. */
  readonly token: () => string;
}

const idPrefixes: Readonly<Record<ChatDialectId, string>> = {
  "openai-chat": "chatcmpl-",
  "openai-responses": "resp_",
  "anthropic-messages": "msg_",
};
const reasoningTokens = 32;
const mostChoices = 128;

/** The whole answer to a question, before it is cut into events. The same question has the same text. */
export function simAnswer(question: SimQuestion): ChatResponse {
  const { request, model, settings } = question;
  const count = Math.min(Math.max(request.n ?? 1, 1), mostChoices);
  const choices = Array.from({ length: count }, (_, index) => choiceOf(question, index));
  return {
    id: idPrefixes[question.dialect] + question.token(),
    model: `sim/${model}`,
    created: question.now,
    choices,
    ...(settings.usage ? { usage: usageOf(question, choices) } : {}),
  };
}

function choiceOf(question: SimQuestion, index: number): Choice {
  const { request, settings } = question;
  const seed = (settings.seed ?? request.seed ?? 1) + index;
  const parts: Part[] = [];
  const thoughts = settings.reasoning ?? (question.model === "reasoning" ? reasoningTokens : 0);
  if (thoughts > 0 && request.reasoning?.mode !== "disabled")
    parts.push(simReasoning(thoughts, seed, question.dialect, question.token()));
  const calls = simToolCalls(request, wishedCalls(question), question.token);
  if (calls.length > 0)
    return limited({ index, parts: [...parts, ...calls], finish: { reason: "tool_calls" } }, request);
  if (question.model === "refusal" && request.responseFormat?.type !== "json_schema") {
    const text = "I cannot help with that: refusing is all that this simulated model does.";
    return { index, parts: [...parts, { type: "refusal", text }], finish: { reason: "refusal" } };
  }
  const { text, finish } = stopped(textOf(question, seed), request.stop ?? []);
  return limited({ index, parts: [...parts, { type: "text", text }], finish }, request);
}

function wishedCalls(question: SimQuestion): number {
  if (lastToolText(question.request) !== undefined) return 0;
  return question.settings.tools ?? (question.model === "tools" ? 1 : 0);
}

function textOf(question: SimQuestion, seed: number): string {
  const { request, settings } = question;
  const format = request.responseFormat;
  if (format?.type === "json_schema") return JSON.stringify(valueFor(format.schema));
  if (format?.type === "json_object") return JSON.stringify({ simulated: true, text: loremText(8, seed) });
  const result = lastToolText(request);
  const reply = result === undefined ? undefined : `The tool answered: ${result}`;
  switch (question.model) {
    case "echo":
      return lastUserText(request);
    case "image-aware":
      return describeMedia(request);
    case "json":
      return JSON.stringify({ simulated: true, text: loremText(8, seed) });
    case "reasoning":
      return recognition(request) + (reply ?? loremText(settings.tokens, seed));
    case "tools":
      return reply ?? "There is no tool to call.";
    default:
      return reply ?? loremText(settings.tokens, seed);
  }
}

function recognition(request: ChatRequest): string {
  const known = recognisedReasoning(request);
  return known === 0 ? "" : `Recognised ${known} of my earlier thoughts. `;
}

/** Cuts at the stop sequence that comes first. */
function stopped(text: string, stop: readonly string[]): { readonly text: string; readonly finish: Finish } {
  let end = text.length;
  let stopSequence: string | undefined;
  for (const each of stop) {
    const at = each === "" ? -1 : text.indexOf(each);
    if (at !== -1 && at < end) {
      end = at;
      stopSequence = each;
    }
  }
  return stopSequence === undefined
    ? { text, finish: { reason: "stop" } }
    : { text: text.slice(0, end), finish: { reason: "stop_sequence", stopSequence } };
}

/** Holds the answer to the caller's output limit and adds the log probabilities that were asked for. */
function limited(choice: Choice, request: ChatRequest): Choice {
  let left = request.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const parts: Part[] = [];
  let cut = false;
  for (const part of choice.parts) {
    if (cut || left <= 0) {
      cut = true;
      break;
    }
    const text = written(part);
    const tokens = countTokens(text);
    cut = tokens > left;
    parts.push(cut ? shortened(part, firstTokens(text, left)) : part);
    left -= tokens;
  }
  return {
    ...choice,
    parts: request.logprobs === undefined ? parts : parts.map((part) => withLogprobs(part, request)),
    finish: cut ? { reason: "length" } : choice.finish,
  };
}

function shortened(part: Part, text: string): Part {
  if (part.type === "tool_call") return { ...part, arguments: text };
  if (part.type === "reasoning") {
    const { signature: _, ...rest } = part;
    return { ...rest, text };
  }
  return part.type === "text" ? { ...part, text } : part;
}

function withLogprobs(part: Part, request: ChatRequest): Part {
  if (part.type !== "text") return part;
  const full: TextPart = { ...part, logprobs: simLogprobs(part.text, request.logprobs?.top ?? 0) };
  return full;
}

/** What the model wrote in a part. */
function written(part: Part): string {
  if (part.type === "tool_call") return part.arguments;
  return part.type === "text" || part.type === "refusal" || part.type === "reasoning"
    ? (part.text ?? "")
    : "";
}

function usageOf(question: SimQuestion, choices: readonly Choice[]): Usage {
  let output = 0;
  let thoughts = 0;
  for (const choice of choices) {
    for (const part of choice.parts) {
      const tokens = countTokens(written(part));
      output += tokens;
      if (part.type === "reasoning") thoughts += tokens;
    }
  }
  const input = inputTokens(question.request);
  const cached = Math.min(question.settings.cached, input);
  return {
    inputTokens: input,
    outputTokens: output,
    ...(cached === 0 ? {} : { cacheReadTokens: cached }),
    ...(thoughts === 0 ? {} : { reasoningTokens: thoughts }),
  };
}

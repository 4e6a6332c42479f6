import type { Part } from "../../src/core/part.ts";
import type { ChatRequest, Message, ReasoningRequest } from "../../src/core/request.ts";
import type { Profile } from "./profile.ts";

const dialect = "anthropic-messages" as const;

/** Reasoning that Anthropic takes back: its own, signed, without summaries. */
function signed(part: Part): Part {
  if (part.type !== "reasoning") return part;
  const signature = part.signature ?? { origin: dialect, value: "c2lnbmVk" };
  if (part.redacted === true) return { type: "reasoning", signature, redacted: true };
  return { type: "reasoning", text: part.text ?? part.summary?.join("") ?? "so", signature };
}

const instructs = ({ role }: Message) => role === "system" || role === "developer";

/** Instructions only in front, without what has no place in the `system` field. */
function fitMessages(messages: readonly Message[]): Message[] {
  const first = messages.findIndex((message) => !instructs(message));
  const leading = first === -1 ? messages : messages.slice(0, first);
  return [
    ...leading.map(({ role, parts }): Message => ({ role, parts })),
    ...messages
      .slice(leading.length)
      .filter((message) => !instructs(message))
      .map((message): Message => ({ ...message, parts: message.parts.map(signed) })),
  ];
}

/** All that leads is one system prompt. */
function onePrompt(messages: readonly Message[]): Message[] {
  const parts = messages.filter(instructs).flatMap((message) => message.parts);
  const conversation = messages.filter((message) => !instructs(message));
  return parts.length === 0 ? conversation : [{ role: "system", parts }, ...conversation];
}

function fitReasoning(reasoning: ReasoningRequest): ReasoningRequest {
  const { mode = "adaptive", effort, budgetTokens = 2000, summary } = reasoning;
  const known = effort === "none" || effort === "minimal" ? "low" : effort;
  return {
    mode,
    ...(known === undefined ? {} : { effort: known }),
    ...(mode === "enabled" ? { budgetTokens } : {}),
    ...(summary === undefined || mode === "disabled" ? {} : { summary: "auto" }),
  };
}

/** What the vendor would accept: no sampling, forced calls or thoughtless tool loops while it thinks. */
function fit(request: ChatRequest): ChatRequest {
  const {
    topP,
    topK,
    temperature,
    toolChoice,
    parallelToolCalls,
    serviceTier,
    reasoning,
    responseFormat,
    ...rest
  } = request;
  const thinks = reasoning !== undefined && reasoning.mode !== "disabled";
  const forced = toolChoice?.type === "required" || toolChoice?.type === "tool";
  const hasTools = request.tools !== undefined;
  const calls = request.messages.some(({ parts }) => parts.some((part) => part.type === "tool_call"));
  const mayThink = !(forced && hasTools) && !(calls && reasoning?.mode === "enabled");
  const takesParallel = toolChoice?.type !== "none" && toolChoice?.type !== "vendor";
  return {
    ...rest,
    messages: fitMessages(request.messages),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens + 9000 }),
    ...(thinks || temperature === undefined ? {} : { temperature }),
    ...(thinks || temperature !== undefined || topP === undefined ? {} : { topP }),
    ...(thinks || topK === undefined ? {} : { topK }),
    ...(hasTools && toolChoice !== undefined ? { toolChoice } : {}),
    ...(hasTools && takesParallel && parallelToolCalls !== undefined ? { parallelToolCalls } : {}),
    ...(responseFormat?.type === "json_schema"
      ? { responseFormat: { type: "json_schema", name: "label", schema: responseFormat.schema } }
      : {}),
    ...(serviceTier === undefined ? {} : { serviceTier: "auto" }),
    ...(reasoning === undefined || !mayThink ? {} : { reasoning: fitReasoning(reasoning) }),
  };
}

/** The limit is required, `auto` is what no choice means, and a format has no name. */
function told(request: ChatRequest): ChatRequest {
  const { maxOutputTokens = 4096, toolChoice, parallelToolCalls, responseFormat } = request;
  const choice = toolChoice ?? (parallelToolCalls === undefined ? undefined : ({ type: "auto" } as const));
  return {
    ...request,
    messages: onePrompt(request.messages),
    maxOutputTokens,
    ...(choice === undefined ? {} : { toolChoice: choice }),
    ...(responseFormat?.type === "json_schema"
      ? { responseFormat: { type: "json_schema", schema: responseFormat.schema } }
      : {}),
  };
}

export const anthropicProfile: Profile = {
  dialect,
  request: {
    fields: [
      "maxOutputTokens",
      "temperature",
      "topP",
      "topK",
      "stop",
      "tools",
      "toolChoice",
      "parallelToolCalls",
      "responseFormat",
      "reasoning",
      "user",
      "serviceTier",
    ],
    roles: ["system", "developer", "user", "assistant"],
    names: false,
    messageExtra: true,
    userParts: ["text", "image", "file", "vendor"],
    assistantParts: ["text", "reasoning", "tool_call", "vendor"],
    resultParts: ["text", "image", "file"],
    resultErrors: true,
    custom: false,
    cache: true,
    imageSources: ["url", "base64", "id"],
    imageDetail: false,
    fileSources: ["url", "base64", "text", "id"],
    fileNotes: ["title", "context", "citations"],
    citations: ["document", "vendor"],
    tools: ["function", "vendor"],
    toolChoices: ["auto", "none", "required", "tool", "vendor"],
    reasoning: ["mode", "effort", "budgetTokens", "summary"],
    formats: ["json_schema"],
    fit,
    told,
  },
  response: {
    parts: ["text", "reasoning", "tool_call", "vendor"],
    citations: ["document", "vendor"],
    logprobs: false,
    custom: false,
    choices: 1,
    choiceExtra: false,
    finishes: [
      "stop",
      "stop_sequence",
      "length",
      "context_window",
      "tool_calls",
      "refusal",
      "pause",
      "other",
    ],
    usage: ["cacheReadTokens", "cacheWriteTokens", "cacheWriteLongTokens", "reasoningTokens"],
    created: "unsayable",
    serviceTier: true,
  },
};

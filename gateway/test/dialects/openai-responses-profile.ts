import type { ChatRequest, Message, Tool } from "../../src/core/request.ts";
import type { ChatResponse, Finish } from "../../src/core/response.ts";
import type { Usage } from "../../src/core/usage.ts";
import { everything, type Profile } from "./profile.ts";
import { answerContext } from "./streams.ts";

/** Neighbouring turns of an assistant read as one: keep the first. */
function apart(messages: readonly Message[]): Message[] {
  return messages.filter(
    (message, index) => !(message.role === "assistant" && messages[index - 1]?.role === "assistant"),
  );
}

/** Reasoning goes to a provider only under its own seal. */
function sealed(message: Message): Message {
  const parts = message.parts.flatMap((part) =>
    part.type !== "reasoning" || (part.signature !== undefined && part.redacted === undefined) ? [part] : [],
  );
  return { ...message, parts: parts.length === 0 ? [{ type: "text", text: "said" }] : parts };
}

function plainTool(tool: Tool): Tool {
  if (tool.type !== "function" || tool.strict !== false) return tool;
  const { strict: _strict, ...rest } = tool;
  return rest;
}

/** What a provider is told of every request: to store nothing, and to seal its reasoning wherever it may reason. */
function asTold(request: ChatRequest): ChatRequest {
  const { streamUsage: _usage, n: _n, reasoning, tools, ...rest } = request;
  const ownSeal = request.messages.some(({ parts }) =>
    parts.some((part) => part.type === "reasoning" && part.signature?.origin === "openai-responses"),
  );
  const encrypted =
    reasoning === undefined ? ownSeal : reasoning.encrypted === true || reasoning.effort !== "none";
  const settings = encrypted ? { ...reasoning, encrypted } : reasoning;
  return {
    ...rest,
    store: false,
    ...(tools === undefined ? {} : { tools: tools.map(plainTool) }),
    ...(settings === undefined ? {} : { reasoning: settings }),
  };
}

/** The reason that the parts tell, where the finish does not say that the answer is incomplete. */
function fitFinish(response: ChatResponse): Finish {
  const choice = response.choices[0];
  const finish = choice?.finish ?? { reason: "stop" };
  if (finish.reason === "length" || finish.reason === "content_filter") return finish;
  if (choice?.parts.some((part) => part.type === "tool_call") === true) return { reason: "tool_calls" };
  return { reason: choice?.parts.some((part) => part.type === "refusal") === true ? "refusal" : "stop" };
}

/** A share of zero tokens comes back as not known. */
function usageBack(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== 0));
}

function responseBack(response: ChatResponse): ChatResponse {
  const { id, usage } = response;
  return {
    ...response,
    id: id.startsWith("resp_") ? id : `resp_${answerContext.token}`,
    ...(usage === undefined ? {} : { usage: usageBack(usage) }),
  };
}

export const openaiResponsesProfile: Profile = {
  dialect: "openai-responses",
  request: {
    fields: [
      "streamUsage",
      "maxOutputTokens",
      "temperature",
      "topP",
      "logprobs",
      "tools",
      "toolChoice",
      "parallelToolCalls",
      "responseFormat",
      "reasoning",
      "verbosity",
      "metadata",
      "user",
      "serviceTier",
      "promptCache",
      "store",
    ],
    roles: everything.request.roles,
    names: false,
    messageExtra: false,
    userParts: everything.request.userParts,
    assistantParts: everything.request.assistantParts,
    resultParts: everything.request.resultParts,
    resultErrors: false,
    custom: true,
    cache: false,
    imageSources: everything.request.imageSources,
    imageDetail: true,
    fileSources: ["url", "base64", "id"],
    fileNotes: ["filename"],
    citations: ["url", "vendor"],
    tools: everything.request.tools,
    toolChoices: everything.request.toolChoices,
    reasoning: ["effort", "summary", "encrypted"],
    formats: everything.request.formats,
    fit: (request) => ({ ...request, messages: apart(request.messages.map(sealed)) }),
    told: asTold,
  },
  response: {
    parts: everything.response.parts,
    citations: ["url", "vendor"],
    logprobs: false,
    custom: true,
    choices: 1,
    choiceExtra: false,
    finishes: ["stop", "length", "content_filter", "tool_calls"],
    usage: ["cacheReadTokens", "cacheWriteTokens", "reasoningTokens"],
    created: "kept",
    serviceTier: true,
    fit: (response) => ({
      ...response,
      choices: response.choices.map((choice) => ({ ...choice, finish: fitFinish(response) })),
    }),
    back: responseBack,
  },
};

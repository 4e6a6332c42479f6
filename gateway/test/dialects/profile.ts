import type { RequestTarget } from "../../src/core/dialect.ts";
import type { ChatDialectId } from "../../src/core/extra.ts";
import type { Citation, MediaSource, Part } from "../../src/core/part.ts";
import type { ChatRequest, Message, ReasoningRequest, Tool, ToolChoice } from "../../src/core/request.ts";
import type { ChatResponse, Finish } from "../../src/core/response.ts";
import type { Usage } from "../../src/core/usage.ts";

type OptionalRequestField = Exclude<keyof ChatRequest, "model" | "messages" | "stream" | "extra">;

/**
 * What a dialect can say. Half of the samples of the laws keep to it, the other half to `everything`; what a limit
 * here cannot express, `fit` does: it turns a sample into the nearest one that the dialect can say.
 */
export interface Profile {
  readonly dialect: ChatDialectId;
  readonly request: {
    readonly fields: readonly OptionalRequestField[];
    readonly roles: readonly ("system" | "developer" | "user" | "assistant")[];
    /** `name` on messages. */
    readonly names: boolean;
    /** `extra` on messages. */
    readonly messageExtra: boolean;
    readonly userParts: readonly Part["type"][];
    readonly assistantParts: readonly Part["type"][];
    readonly resultParts: readonly ("text" | "image" | "file")[];
    /** `isError` and `custom` on tool results. */
    readonly resultErrors: boolean;
    readonly custom: boolean;
    readonly cache: boolean;
    readonly imageSources: readonly MediaSource["kind"][];
    readonly imageDetail: boolean;
    readonly fileSources: readonly MediaSource["kind"][];
    readonly fileNotes: readonly ("filename" | "title" | "context" | "citations")[];
    /** Citations on the text of earlier answers. */
    readonly citations: readonly Citation["kind"][];
    readonly tools: readonly Tool["type"][];
    readonly toolChoices: readonly ToolChoice["type"][];
    readonly reasoning: readonly (keyof ReasoningRequest)[];
    readonly formats: readonly ("text" | "json_object" | "json_schema")[];
    /** Defaults to no quirks. */
    readonly target?: RequestTarget;
    readonly fit?: (request: ChatRequest) => ChatRequest;
    /** The request as the provider is told it: with what the encoder sets where the caller said nothing. */
    readonly told?: (request: ChatRequest) => ChatRequest;
  };
  readonly response: {
    readonly parts: readonly Part["type"][];
    readonly citations: readonly Citation["kind"][];
    /** Log probabilities on the parts. */
    readonly logprobs: boolean;
    /** Custom tool calls. */
    readonly custom: boolean;
    /** Most choices. */
    readonly choices: number;
    readonly choiceExtra: boolean;
    readonly finishes: readonly Finish["reason"][];
    readonly usage: readonly Exclude<keyof Usage, "extra">[];
    /** `kept`: comes back, invented where unknown. `unsayable`: the dialect has no field for it, and lists no loss. */
    readonly created: "kept" | "unsayable";
    readonly serviceTier: boolean;
    readonly fit?: (response: ChatResponse) => ChatResponse;
    /** What comes back in place of a sample where the dialect says it in other words, and so lists no loss. */
    readonly back?: (response: ChatResponse) => ChatResponse;
  };
}

const media: readonly MediaSource["kind"][] = ["url", "base64", "text", "id"];
const citations: readonly Citation["kind"][] = ["url", "document", "vendor"];
const roles: readonly Exclude<Message["role"], "tool">[] = ["system", "developer", "user", "assistant"];

/** All that the neutral form can say. */
export const everything: Omit<Profile, "dialect"> = {
  request: {
    fields: [
      "streamUsage",
      "maxOutputTokens",
      "temperature",
      "topP",
      "topK",
      "frequencyPenalty",
      "presencePenalty",
      "logitBias",
      "stop",
      "seed",
      "n",
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
      "previousResponseId",
    ],
    roles,
    names: true,
    messageExtra: true,
    userParts: ["text", "image", "audio", "file", "vendor"],
    assistantParts: ["text", "reasoning", "refusal", "tool_call", "vendor"],
    resultParts: ["text", "image", "file"],
    resultErrors: true,
    custom: true,
    cache: true,
    imageSources: media.filter((kind) => kind !== "text"),
    imageDetail: true,
    fileSources: media,
    fileNotes: ["filename", "title", "context", "citations"],
    citations,
    tools: ["function", "custom", "vendor"],
    toolChoices: ["auto", "none", "required", "tool", "vendor"],
    reasoning: ["mode", "effort", "budgetTokens", "summary", "encrypted"],
    formats: ["text", "json_object", "json_schema"],
  },
  response: {
    parts: ["text", "reasoning", "refusal", "tool_call", "vendor"],
    citations,
    logprobs: true,
    custom: true,
    choices: 3,
    choiceExtra: true,
    finishes: [
      "stop",
      "stop_sequence",
      "length",
      "context_window",
      "tool_calls",
      "content_filter",
      "refusal",
      "pause",
      "other",
    ],
    usage: [
      "cacheReadTokens",
      "cacheWriteTokens",
      "cacheWriteLongTokens",
      "reasoningTokens",
      "audioInputTokens",
      "audioOutputTokens",
    ],
    created: "kept",
    serviceTier: true,
  },
};

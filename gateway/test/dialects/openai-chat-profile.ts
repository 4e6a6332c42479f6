import type { Part } from "../../src/core/part.ts";
import type { ChatRequest, Message } from "../../src/core/request.ts";
import type { ChatResponse, Choice, Finish } from "../../src/core/response.ts";
import { everything, type Profile } from "./profile.ts";

const order: readonly Part["type"][] = ["reasoning", "text", "refusal", "tool_call", "vendor"];

/** In the order in which a message has its parts, `single` kinds at most once. */
function ordered(parts: readonly Part[], single: readonly Part["type"][]): Part[] {
  return [...parts]
    .sort((one, other) => order.indexOf(one.type) - order.indexOf(other.type))
    .filter((part, index, all) => !single.includes(part.type) || part.type !== all[index - 1]?.type);
}

/** Tools and the vendor's own calls share a list, in whatever order. */
function fitMessage(message: Message): Message {
  return message.role === "assistant" ? { ...message, parts: ordered(message.parts, []) } : message;
}

function fitResponse(response: ChatResponse): ChatResponse {
  return {
    ...response,
    choices: response.choices.map((choice) => ({
      ...choice,
      parts: ordered(choice.parts, ["text", "refusal"]),
      finish: fitFinish(choice),
    })),
  };
}

/** An answer that ends of itself has refused where it holds a refusal. */
function fitFinish({ finish, parts }: Choice): Finish {
  return finish.reason === "stop" && parts.some(({ type }) => type === "refusal")
    ? { reason: "refusal" }
    : finish;
}

/** A stream is always asked for its usage. */
function told(request: ChatRequest): ChatRequest {
  return request.stream ? { ...request, streamUsage: true } : request;
}

export const openaiChatProfile: Profile = {
  dialect: "openai-chat",
  request: {
    ...everything.request,
    fields: everything.request.fields.filter((field) => field !== "topK" && field !== "previousResponseId"),
    assistantParts: ["text", "refusal", "tool_call", "vendor"],
    resultParts: ["text"],
    resultErrors: false,
    cache: false,
    imageSources: ["url", "base64"],
    fileSources: ["base64", "id"],
    fileNotes: ["filename"],
    citations: [],
    reasoning: ["effort"],
    told,
    fit: (request) => ({ ...request, messages: request.messages.map(fitMessage) }),
  },
  response: {
    ...everything.response,
    citations: ["url", "vendor"],
    finishes: ["stop", "stop_sequence", "length", "tool_calls", "content_filter", "other"],
    usage: [
      "cacheReadTokens",
      "cacheWriteTokens",
      "reasoningTokens",
      "audioInputTokens",
      "audioOutputTokens",
    ],
    fit: fitResponse,
  },
};

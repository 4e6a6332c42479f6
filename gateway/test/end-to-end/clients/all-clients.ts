import type { ChatDialectId } from "../../../src/core/extra.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { openaiChatClient } from "./openai-chat-client.ts";
import { openaiResponsesClient } from "./openai-responses-client.ts";
import type { ClientAccess, SdkClient } from "./sdk-client.ts";

/** The official SDKs, by the dialect that they speak. */
export const allClients: Readonly<Record<ChatDialectId, (access: ClientAccess) => SdkClient>> = {
  "openai-chat": openaiChatClient,
  "openai-responses": openaiResponsesClient,
  "anthropic-messages": anthropicClient,
};

/** How each SDK says why an answer ended. */
export const finishWords = {
  "openai-chat": { stop: "stop", tools: "tool_calls", length: "length" },
  "openai-responses": { stop: "completed", tools: "completed", length: "max_output_tokens" },
  "anthropic-messages": { stop: "end_turn", tools: "tool_use", length: "max_tokens" },
} as const;

export const dialectIds = Object.keys(allClients) as ChatDialectId[];

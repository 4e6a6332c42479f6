import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import type { ResponseCreateParams } from "openai/resources/responses/responses";
import type { ChatDialectId } from "../../../src/core/extra.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { readChat } from "./read-chat.ts";
import { readMessages } from "./read-messages.ts";
import { readResponses } from "./read-responses.ts";
import type { Received } from "./turn.ts";

const readers: Readonly<Record<ChatDialectId, (body: unknown) => Received>> = {
  "openai-chat": (body) => readChat(body as ChatCompletionCreateParams),
  "openai-responses": (body) => readResponses(body as ResponseCreateParams),
  "anthropic-messages": (body) => readMessages(body as MessageCreateParams),
};

/** Reads a request as the vendor of that language documents it; the SDKs' types are its documentation. */
export function received(dialect: ChatDialectId, body: JsonObject): Received {
  return readers[dialect](body);
}

import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { type Received, type Turn, turn } from "./turn.ts";

type Content = ChatCompletionMessageParam["content"];

export function readChat(body: ChatCompletionCreateParams): Received {
  const { messages, tools = [], response_format: format } = body;
  return {
    system: messages
      .filter(({ role }) => role === "system" || role === "developer")
      .map(({ content }) => textOf(content))
      .join("\n"),
    turns: messages.filter(({ role }) => role !== "system" && role !== "developer").map(readTurn),
    tools: tools.flatMap((tool) =>
      tool.type === "function" ? [{ name: tool.function.name, parameters: tool.function.parameters }] : [],
    ),
    schema: format?.type === "json_schema" ? format.json_schema.schema : undefined,
  };
}

function readTurn(message: ChatCompletionMessageParam): Turn {
  const text = textOf(message.content);
  switch (message.role) {
    case "user":
      return turn("user", { text, media: partsOf(message.content).flatMap(mediaOf) });
    case "assistant": {
      const calls = (message.tool_calls ?? []).flatMap((call) =>
        call.type === "function"
          ? [{ id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) }]
          : [],
      );
      return turn("assistant", { text, calls });
    }
    case "tool":
      return turn("user", { results: [{ id: message.tool_call_id, text }] });
    default:
      throw new Error(`a turn of ${message.role}`);
  }
}

function partsOf(content: Content): readonly ChatCompletionContentPart[] {
  return Array.isArray(content) ? (content as ChatCompletionContentPart[]) : [];
}

function textOf(content: Content): string {
  if (typeof content === "string") return content;
  return partsOf(content)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

function mediaOf(part: ChatCompletionContentPart): string[] {
  if (part.type === "image_url") return [part.image_url.url];
  return part.type === "file" ? [part.file.file_data ?? ""] : [];
}

import type {
  ContentBlockParam,
  MessageCreateParams,
  MessageParam,
} from "@anthropic-ai/sdk/resources/messages";
import { type Received, type Turn, turn } from "./turn.ts";

export function readMessages(body: MessageCreateParams): Received {
  const { system = "", tools = [], messages, output_config } = body;
  return {
    system: typeof system === "string" ? system : system.map(({ text }) => text).join("\n"),
    turns: messages.map(readTurn),
    tools: tools.flatMap((tool) =>
      "input_schema" in tool ? [{ name: tool.name, parameters: tool.input_schema }] : [],
    ),
    schema: output_config?.format?.schema,
  };
}

function readTurn({ role, content }: MessageParam): Turn {
  if (role === "system") throw new Error("a turn of system");
  const blocks: readonly ContentBlockParam[] =
    typeof content === "string" ? [{ type: "text", text: content }] : content;
  return turn(role, {
    text: textOf(blocks),
    media: blocks.flatMap(mediaOf),
    calls: blocks.flatMap((block) =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, arguments: block.input }] : [],
    ),
    results: blocks.flatMap((block) =>
      block.type === "tool_result"
        ? [
            {
              id: block.tool_use_id,
              text: Array.isArray(block.content)
                ? textOf(block.content as ContentBlockParam[])
                : block.content,
            },
          ]
        : [],
    ),
    proofs: blocks.flatMap((block) => (block.type === "thinking" ? [block.signature] : [])),
  });
}

function textOf(blocks: readonly ContentBlockParam[]): string {
  return blocks.map((block) => (block.type === "text" ? block.text : "")).join("");
}

function mediaOf(block: ContentBlockParam): string[] {
  if (block.type !== "image" && block.type !== "document") return [];
  const { source } = block;
  return source.type === "base64" ? [`data:${source.media_type};base64,${source.data}`] : [];
}

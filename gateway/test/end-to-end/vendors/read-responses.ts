import type {
  ResponseCreateParams,
  ResponseInputContent,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import { type Received, type Turn, turn } from "./turn.ts";

export function readResponses(body: ResponseCreateParams): Received {
  const { input = [], instructions, tools = [], text } = body;
  const items: readonly ResponseInputItem[] =
    typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;
  const system = items.flatMap((item) =>
    "role" in item && "content" in item && (item.role === "system" || item.role === "developer")
      ? [textOf(item.content)]
      : [],
  );
  return {
    system: [...(instructions ? [instructions] : []), ...system].join("\n"),
    turns: items.flatMap(readItem),
    tools: tools.flatMap((tool) =>
      tool.type === "function" ? [{ name: tool.name, parameters: tool.parameters }] : [],
    ),
    schema: text?.format?.type === "json_schema" ? text.format.schema : undefined,
  };
}

function readItem(item: ResponseInputItem): Turn[] {
  switch (item.type) {
    case "function_call":
      return [
        turn("assistant", {
          calls: [{ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) }],
        }),
      ];
    case "function_call_output":
      return [turn("user", { results: [{ id: String(item.call_id), text: item.output }] })];
    case "reasoning":
      return [turn("assistant", { proofs: [item.encrypted_content] })];
    case "message":
    case undefined: {
      if (!("content" in item) || item.role === "system" || item.role === "developer") return [];
      const media = typeof item.content === "string" ? [] : item.content.flatMap(mediaOf);
      return [turn(item.role, { text: textOf(item.content), media })];
    }
    default:
      throw new Error(`an item of type ${item.type}`);
  }
}

type Content = Extract<ResponseInputItem, { content: unknown; role: unknown }>["content"];

function textOf(content: Content): string {
  if (typeof content === "string") return content;
  return content
    .map((part) => (part.type === "input_text" || part.type === "output_text" ? part.text : ""))
    .join("");
}

function mediaOf(part: ResponseInputContent | { readonly type: "output_text" | "refusal" }): string[] {
  if (part.type === "input_image") return [part.image_url ?? ""];
  return part.type === "input_file" ? [part.file_data ?? ""] : [];
}

import type {
  FilePart,
  ImagePart,
  Part,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  VendorPart,
} from "../../core/part.ts";
import type { Reader } from "../reader.ts";
import { readCache } from "./cache.ts";
import { decodeCitation } from "./citations.ts";
import { decodeDocument, decodeImage } from "./media.ts";
import { origin } from "./origin.ts";
import { decodeRedacted, decodeThinking } from "./reasoning-block.ts";
import { neutralToolId } from "./tool-id.ts";

/** A content block of a request. Blocks of server-side tools, search results and all unknown ones are kept verbatim. */
export function decodeRequestBlock(block: Reader): Part {
  switch (block.string("type")) {
    case "text":
      return decodeText(block, block.string("text"));
    case "image":
      return decodeImage(block) ?? verbatim(block);
    case "document":
      return decodeDocument(block) ?? verbatim(block);
    case "tool_use":
      return decodeToolUse(
        block,
        block.string("id"),
        block.string("name"),
        JSON.stringify(block.json("input")),
      );
    case "tool_result":
      return decodeToolResult(block) ?? verbatim(block);
    case "thinking":
      return decodeThinking(block);
    case "redacted_thinking":
      return decodeRedacted(block);
    default:
      return verbatim(block);
  }
}

/** A content block of an answer: what is missing is made up as well as can be. `position` counts the blocks. */
export function decodeAnswerBlock(block: Reader, position: number): Part {
  switch (block.peek("type")) {
    case "text":
      return decodeText(block, block.optionalString("text") ?? "");
    case "tool_use": {
      const id = block.optionalString("id") ?? `call_${position}`;
      return decodeToolUse(block, id, block.optionalString("name") ?? "", argumentsOf(block));
    }
    case "thinking":
      return decodeThinking(block);
    case "redacted_thinking":
      return decodeRedacted(block);
    default:
      return verbatim(block);
  }
}

/** Some vendors hand the arguments on as the text that the model wrote. */
function argumentsOf(block: Reader): string {
  const input = block.take("input") ?? {};
  return typeof input === "string" ? input : JSON.stringify(input);
}

function verbatim(block: Reader): VendorPart {
  return { type: "vendor", origin, value: block.verbatim() };
}

function decodeText(block: Reader, text: string): TextPart {
  const citations = block.optionalItems("citations")?.map(decodeCitation) ?? [];
  const cache = readCache(block);
  block.take("type");
  const extra = block.rest(origin);
  return {
    type: "text",
    text,
    ...(citations.length === 0 ? {} : { citations }),
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function decodeToolUse(block: Reader, id: string, name: string, input: string): ToolCallPart {
  const cache = readCache(block);
  block.take("type");
  const extra = block.rest(origin);
  return {
    type: "tool_call",
    id: neutralToolId(id),
    name,
    arguments: input,
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Undefined where the content has a block that a neutral result cannot hold (tool references, search results). */
function decodeToolResult(block: Reader): ToolResultPart | undefined {
  const id = block.string("tool_use_id");
  const content = resultContent(block);
  if (content === undefined) return undefined;
  const isError = block.optionalBoolean("is_error");
  const cache = readCache(block);
  block.take("type");
  const extra = block.rest(origin);
  return {
    type: "tool_result",
    id: neutralToolId(id),
    content,
    ...(isError === undefined ? {} : { isError }),
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function resultContent(block: Reader): ToolResultPart["content"] | undefined {
  const content = block.peek("content");
  if (typeof content === "string") {
    block.take("content");
    return [{ type: "text", text: content }];
  }
  const parts: (TextPart | ImagePart | FilePart)[] = [];
  for (const item of block.optionalItems("content") ?? []) {
    const part = resultPart(item);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function resultPart(item: Reader): TextPart | ImagePart | FilePart | undefined {
  switch (item.string("type")) {
    case "text":
      return decodeText(item, item.string("text"));
    case "image":
      return decodeImage(item);
    case "document":
      return decodeDocument(item);
    default:
      return undefined;
  }
}

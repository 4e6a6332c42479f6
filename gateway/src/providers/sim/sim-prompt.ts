import { createHash } from "node:crypto";
import type { MediaSource, Part } from "../../core/part.ts";
import type { ChatRequest, Message } from "../../core/request.ts";
import { countTokens } from "./sim-text.ts";

/** Tokens that an image, clip or file counts as, whatever its size. */
const mediaTokens = 256;

/** Text of the last user message; its text parts joined with line breaks. */
export function lastUserText(request: ChatRequest): string {
  return textOf(request.messages.findLast((message) => message.role === "user"));
}

/** Text of the tool results that the conversation ends with; undefined where it does not end with any. */
export function lastToolText(request: ChatRequest): string | undefined {
  const last = request.messages.at(-1);
  return last?.role === "tool" ? textOf(last) : undefined;
}

/** A deterministic count in the simulator's own tokens: every text and tool call, and a constant for each file. */
export function inputTokens(request: ChatRequest): number {
  let count = 0;
  for (const message of request.messages) for (const part of message.parts) count += partTokens(part);
  for (const tool of request.tools ?? []) {
    if (tool.type !== "vendor") count += countTokens(tool.name) + countTokens(tool.description ?? "");
  }
  return count;
}

/** How many images, clips and files arrived, of which kind and size, each with the start of its SHA-256. */
export function describeMedia(request: ChatRequest): string {
  const sources: string[] = [];
  const visit = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.type === "tool_result") visit(part.content);
      else if (part.type === "image" || part.type === "audio" || part.type === "file")
        sources.push(`${part.type} ${describeSource(part.source)}`);
    }
  };
  for (const message of request.messages) visit(message.parts);
  return [
    `Received ${sources.length} attachments.`,
    ...sources.map((each, index) => `${index + 1}: ${each}.`),
  ].join(" ");
}

function describeSource(source: MediaSource): string {
  if (source.kind === "url") return `by URL, ${digest(source.url)}`;
  if (source.kind === "id") return "by id";
  const data = source.kind === "text" ? source.text : Buffer.from(source.data, "base64");
  return `${source.mediaType}, ${digest(data)}`;
}

function digest(data: string | Buffer): string {
  const bytes = Buffer.byteLength(data);
  return `${bytes} bytes, sha256 ${createHash("sha256").update(data).digest("hex").slice(0, 16)}`;
}

function textOf(message: Message | undefined): string {
  const texts: string[] = [];
  for (const part of message?.parts ?? []) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type === "tool_result")
      for (const content of part.content) if (content.type === "text") texts.push(content.text);
  }
  return texts.join("\n");
}

function partTokens(part: Part): number {
  switch (part.type) {
    case "text":
    case "refusal":
      return countTokens(part.text);
    case "reasoning":
      return countTokens(part.text ?? "");
    case "tool_call":
      return countTokens(part.name) + countTokens(part.arguments);
    case "tool_result":
      return part.content.reduce((sum, each) => sum + partTokens(each), 0);
    case "vendor":
      return 0;
    default:
      return mediaTokens;
  }
}

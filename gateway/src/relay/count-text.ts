import type { Part } from "../core/part.ts";
import type { ChatRequest } from "../core/request.ts";

/** The tokenizer reads about 5 MB/s on the thread that serves everyone: longer texts are estimated by size. */
const longestCounted = 256 * 1024;
const bytesPerToken = 4;
/** A picture costs what its vendor's tiling says, which only the vendor knows: Anthropic's figure for a full-size one. */
const tokensPerImage = 1600;
/** Role and separators. */
const tokensPerMessage = 4;

/** An estimate of a request's input tokens, by OpenAI's o200k vocabulary; other vendors' counts differ by some 20 %. */
export async function estimateTokens(request: ChatRequest): Promise<number> {
  const pieces: string[] = [];
  let fixed = 0;
  for (const message of request.messages) {
    fixed += tokensPerMessage;
    for (const part of message.parts) fixed += collect(part, pieces);
  }
  for (const tool of request.tools ?? []) pieces.push(JSON.stringify(tool));
  const text = pieces.join("\n");
  if (text.length > longestCounted) return fixed + Math.ceil(Buffer.byteLength(text) / bytesPerToken);
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  return fixed + countTokens(text);
}

/** Adds the part's text to `pieces`; returns the tokens of what is not text. */
function collect(part: Part, pieces: string[]): number {
  switch (part.type) {
    case "text":
    case "refusal":
      pieces.push(part.text);
      return 0;
    case "reasoning":
      pieces.push(part.text ?? "", ...(part.summary ?? []));
      return 0;
    case "tool_call":
      pieces.push(part.name, part.arguments);
      return 0;
    case "tool_result": {
      let fixed = 0;
      for (const inner of part.content) fixed += collect(inner, pieces);
      return fixed;
    }
    case "image":
      return tokensPerImage;
    case "audio":
    case "file":
      if (part.source.kind === "text") pieces.push(part.source.text);
      return part.source.kind === "base64" ? Math.ceil((part.source.data.length * 3) / 4 / bytesPerToken) : 0;
    case "vendor":
      break;
  }
  pieces.push(JSON.stringify(part.value));
  return 0;
}

import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { MediaSource } from "../../core/part.ts";

const self = "openai-responses";

/** A `data:` URL with base64 becomes its bytes; any other URL stays one. https://www.rfc-editor.org/rfc/rfc2397 */
export function decodeUrl(url: string): MediaSource {
  const comma = url.startsWith("data:") ? url.indexOf(",") : -1;
  const head = comma === -1 ? "" : url.slice(5, comma);
  if (!head.endsWith(";base64") || head.length === 7) return { kind: "url", url };
  return { kind: "base64", mediaType: head.slice(0, -7), data: url.slice(comma + 1) };
}

function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

/** Where the bytes of an image or file are, under this object's own field names; undefined where it cannot be said. */
export function encodeSource(
  source: MediaSource,
  names: { readonly url: string; readonly data: string },
  path: string,
  losses: Losses,
): JsonObject | undefined {
  switch (source.kind) {
    case "url":
      return { [names.url]: source.url };
    case "base64":
      return { [names.data]: dataUrl(source.mediaType, source.data) };
    case "text":
      // The wire knows only bytes: the text arrives, but not that it was text.
      losses.add(`${path}.source`);
      return { [names.data]: dataUrl(source.mediaType, Buffer.from(source.text).toString("base64")) };
    default:
      if (source.origin === "anthropic-messages") return undefined;
      // OpenAI has one store of files for both of its dialects: the id means the same, only its origin is not said.
      if (source.origin !== self) losses.add(`${path}.source.origin`);
      return { file_id: source.id };
  }
}

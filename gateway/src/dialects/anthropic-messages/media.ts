import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { FilePart, ImagePart, MediaSource } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { cacheField, readCache } from "./cache.ts";
import { origin } from "./origin.ts";

/** Undefined where the source is of a kind that has no neutral word (content blocks): the block is kept verbatim. */
function decodeSource(source: Reader): MediaSource | undefined {
  switch (source.peek("type")) {
    case "base64":
      return { kind: "base64", mediaType: source.string("media_type"), data: source.string("data") };
    case "text":
      return { kind: "text", mediaType: source.string("media_type"), text: source.string("data") };
    case "url":
      return { kind: "url", url: source.string("url") };
    case "file":
      return { kind: "id", id: source.string("file_id"), origin };
    default:
      return undefined;
  }
}

export function decodeImage(block: Reader): ImagePart | undefined {
  const source = decodeSource(block.object("source"));
  if (source === undefined || source.kind === "text") return undefined;
  const cache = readCache(block);
  block.take("type");
  const extra = block.rest(origin);
  return {
    type: "image",
    source,
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

export function decodeDocument(block: Reader): FilePart | undefined {
  const source = decodeSource(block.object("source"));
  if (source === undefined) return undefined;
  const title = block.optionalString("title");
  const context = block.optionalString("context");
  const citations = block.optionalObject("citations")?.optionalBoolean("enabled");
  const cache = readCache(block);
  block.take("type");
  const extra = block.rest(origin);
  return {
    type: "file",
    source,
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
    ...(citations === undefined ? {} : { citations }),
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Undefined for a file that was uploaded at another vendor. */
function encodeSource(source: MediaSource, losses: Losses, path: string): JsonObject | undefined {
  switch (source.kind) {
    case "url":
      return { type: "url", url: source.url };
    case "base64":
      if (!source.mediaType.startsWith("text/")) {
        return { type: "base64", media_type: source.mediaType, data: source.data };
      }
      // Only PDF may come as base64; plain text has a source of its own.
      losses.add(`${path}.source`);
      return plainText(Buffer.from(source.data, "base64").toString("utf8"));
    case "text":
      if (source.mediaType !== "text/plain") losses.add(`${path}.source.mediaType`);
      return plainText(source.text);
    default:
      return source.origin === origin ? { type: "file", file_id: source.id } : undefined;
  }
}

function plainText(text: string): JsonObject {
  return { type: "text", media_type: "text/plain", data: text };
}

/** Undefined, and a loss, where the source means nothing to Anthropic. */
export function encodeImage(part: ImagePart, losses: Losses, path: string): JsonObject | undefined {
  const source = part.source.kind === "text" ? undefined : encodeSource(part.source, losses, path);
  if (source === undefined) {
    losses.add(path);
    return undefined;
  }
  if (part.detail !== undefined) losses.add(`${path}.detail`);
  return {
    ...extraFields(part.extra, origin, losses, `${path}.`),
    type: "image",
    source,
    ...cacheField(part.cache),
  };
}

/** As for images. A file name stands in for a missing title, for the model to see. */
export function encodeDocument(part: FilePart, losses: Losses, path: string): JsonObject | undefined {
  const source = encodeSource(part.source, losses, path);
  if (source === undefined) {
    losses.add(path);
    return undefined;
  }
  if (part.filename !== undefined) losses.add(`${path}.filename`);
  const title = part.title ?? part.filename;
  return {
    ...extraFields(part.extra, origin, losses, `${path}.`),
    type: "document",
    source,
    ...(title === undefined ? {} : { title }),
    ...(part.context === undefined ? {} : { context: part.context }),
    ...(part.citations === undefined ? {} : { citations: { enabled: part.citations } }),
    ...cacheField(part.cache),
  };
}

import { Fault } from "../../core/fault.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { AudioPart, FilePart, ImagePart, Part, TextPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { audioMediaType, fromDataUrl } from "../openai-media.ts";
import type { Reader } from "../reader.ts";
import { encodeSource } from "./media.ts";

const self = "openai-responses";

/** The wire requires a name beside a file's bytes; one of these stands for a file that has none. */
const placeholders: readonly string[] = ["unnamed.pdf", "unnamed.txt", "unnamed"];

function placeholder(mediaType: string): string {
  if (mediaType === "application/pdf") return "unnamed.pdf";
  return mediaType.startsWith("text/") ? "unnamed.txt" : "unnamed";
}

/** Content of a message or a tool's output; undefined where the kind of content is not known. */
export function decodeContent(content: Reader): TextPart | ImagePart | FilePart | AudioPart | undefined {
  switch (content.optionalString("type")) {
    case "input_text":
    case "output_text":
    case "text":
      return withExtra(content, { type: "text", text: content.string("text") });
    case "input_image":
      return decodeImage(content);
    case "input_file":
      return decodeFile(content);
    case "input_audio":
      return decodeAudio(content);
    default:
      return undefined;
  }
}

function withExtra<const Kind extends Part>(content: Reader, part: Kind): Kind {
  const extra = content.rest(self);
  return extra === undefined ? part : { ...part, extra };
}

function decodeImage(content: Reader): ImagePart {
  const url = content.optionalString("image_url");
  const id = url === undefined ? content.optionalString("file_id") : undefined;
  if (url === undefined && id === undefined)
    throw content.fault("image_url", "An image needs image_url or file_id.");
  const detail = content.optionalOneOf("detail", ["low", "high", "auto", "original"]);
  return withExtra(content, {
    type: "image",
    source:
      url === undefined
        ? { kind: "id", id: id ?? "", origin: self }
        : (fromDataUrl(url) ?? { kind: "url", url }),
    ...(detail === undefined ? {} : { detail }),
  });
}

function decodeFile(content: Reader): FilePart {
  const filename = content.optionalString("filename");
  const named = filename === undefined || placeholders.includes(filename) ? {} : { filename };
  const data = content.optionalString("file_data");
  if (data !== undefined) {
    // Bare base64 is taken too; OpenAI's documents to read are PDFs first of all.
    const source = fromDataUrl(data) ?? { kind: "base64", mediaType: "application/pdf", data };
    return withExtra(content, { type: "file", source, ...named });
  }
  const url = content.optionalString("file_url");
  if (url !== undefined) return withExtra(content, { type: "file", source: { kind: "url", url }, ...named });
  const id = content.optionalString("file_id");
  if (id === undefined) throw content.fault("file_data", "A file needs file_data, file_url or file_id.");
  return withExtra(content, { type: "file", source: { kind: "id", id, origin: self }, ...named });
}

function decodeAudio(content: Reader): AudioPart {
  const audio = content.object("input_audio");
  const format = audio.string("format");
  const data = audio.string("data");
  return withExtra(content, {
    type: "audio",
    source: { kind: "base64", mediaType: audioMediaType(format), data },
    format,
  });
}

/**
 * Content of a message or of a tool's output. Undefined, and a loss, where it cannot be said.
 *
 * @throws Fault `vendor_only`
 */
export function encodeContent(part: Part, path: string, losses: Losses): JsonObject | undefined {
  const content = sayContent(part, path, losses);
  if (content === undefined) losses.add(path);
  return content;
}

function sayContent(part: Part, path: string, losses: Losses): JsonObject | undefined {
  switch (part.type) {
    case "text":
      if (part.cache !== undefined) losses.add(`${path}.cache`);
      if (part.citations !== undefined) losses.add(`${path}.citations`);
      if (part.logprobs !== undefined) losses.add(`${path}.logprobs`);
      return { ...extraFields(part.extra, self, losses, `${path}.`), type: "input_text", text: part.text };
    case "image":
      return encodeImage(part, path, losses);
    case "file":
      return encodeFile(part, path, losses);
    case "audio":
      return encodeAudio(part, path, losses);
    case "vendor":
      if (part.origin !== self) throw vendorOnly(part.value);
      return part.value;
    default:
      return undefined;
  }
}

function encodeImage(part: ImagePart, path: string, losses: Losses): JsonObject | undefined {
  const source = encodeSource(part.source, { url: "image_url", data: "image_url" }, path, losses);
  if (source === undefined) return undefined;
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  return {
    ...extraFields(part.extra, self, losses, `${path}.`),
    type: "input_image",
    ...source,
    ...(part.detail === undefined ? {} : { detail: part.detail }),
  };
}

function encodeFile(part: FilePart, path: string, losses: Losses): JsonObject | undefined {
  const source = encodeSource(part.source, { url: "file_url", data: "file_data" }, path, losses);
  if (source === undefined) return undefined;
  for (const field of ["title", "context", "citations", "cache"] as const)
    if (part[field] !== undefined) losses.add(`${path}.${field}`);
  if (part.filename !== undefined && placeholders.includes(part.filename)) losses.add(`${path}.filename`);
  const bytes = part.source.kind === "base64" || part.source.kind === "text";
  const filename = part.filename ?? (bytes ? (part.title ?? placeholder(part.source.mediaType)) : undefined);
  return {
    ...extraFields(part.extra, self, losses, `${path}.`),
    type: "input_file",
    ...source,
    ...(filename === undefined ? {} : { filename }),
  };
}

function encodeAudio(part: AudioPart, path: string, losses: Losses): JsonObject | undefined {
  const { source, format } = part;
  if (source.kind !== "base64" || format === undefined) return undefined;
  if (source.mediaType !== audioMediaType(format)) losses.add(`${path}.source.mediaType`);
  if (part.transcript !== undefined) losses.add(`${path}.transcript`);
  return {
    ...extraFields(part.extra, self, losses, `${path}.`),
    type: "input_audio",
    input_audio: { data: source.data, format },
  };
}

/** The refusal of a tool, part or choice that another vendor runs. */
export function vendorOnly(value: JsonObject): Fault {
  const type = Object.hasOwn(value, "type") ? value["type"] : undefined;
  return new Fault("vendor_only", typeof type === "string" ? { detail: `It is \`${type}\`.` } : {});
}

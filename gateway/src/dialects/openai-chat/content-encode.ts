import { Fault } from "../../core/fault.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { AudioPart, FilePart, ImagePart, Part, TextPart, VendorPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { audioFormat, toDataUrl } from "../openai-media.ts";
import { id } from "./id.ts";
import { unnest } from "./nested-extra.ts";

/** A part that only another vendor understands cannot be left out of a request: the rest would make no sense. */
export function ownValue(part: VendorPart, path: string): JsonObject {
  if (part.origin === id) return part.value;
  const kind = Object.hasOwn(part.value, "type") ? part.value["type"] : undefined;
  throw new Fault("vendor_only", {
    param: path,
    detail: `A block of type '${typeof kind === "string" ? kind : "unknown"}' cannot be sent to this model.`,
  });
}

export function encodeText(part: TextPart, losses: Losses, path: string): JsonObject {
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  if (part.citations !== undefined) losses.add(`${path}.citations`);
  if (part.logprobs !== undefined) losses.add(`${path}.logprobs`);
  return { ...extraFields(part.extra, id, losses, `${path}.`), type: "text", text: part.text };
}

function encodeImage(part: ImagePart, losses: Losses, path: string): JsonObject | undefined {
  const { source, detail } = part;
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  if (source.kind !== "url" && source.kind !== "base64") {
    losses.add(path);
    return undefined;
  }
  if (detail === "original") losses.add(`${path}.detail`);
  const { outer, inner } = unnest(extraFields(part.extra, id, losses, `${path}.`), "image_url");
  return {
    ...outer,
    type: "image_url",
    image_url: {
      ...inner,
      url: source.kind === "url" ? source.url : toDataUrl(source),
      ...(detail === undefined || detail === "original" ? {} : { detail }),
    },
  };
}

function encodeAudio(part: AudioPart, losses: Losses, path: string): JsonObject | undefined {
  const { source } = part;
  if (part.transcript !== undefined) losses.add(`${path}.transcript`);
  if (source.kind !== "base64") {
    losses.add(path);
    return undefined;
  }
  const { outer, inner } = unnest(extraFields(part.extra, id, losses, `${path}.`), "input_audio");
  return {
    ...outer,
    type: "input_audio",
    input_audio: { ...inner, data: source.data, format: part.format ?? audioFormat(source.mediaType) },
  };
}

/** Plain text goes as a text part; a web address or another vendor's file cannot be said. */
function encodeFile(part: FilePart, losses: Losses, path: string): JsonObject | undefined {
  const { source, filename } = part;
  for (const field of ["cache", "title", "context", "citations"] as const) {
    if (part[field] !== undefined) losses.add(`${path}.${field}`);
  }
  if (source.kind === "text") {
    losses.add(`${path}.source`);
    return { type: "text", text: source.text };
  }
  if (source.kind === "url" || (source.kind === "id" && source.origin !== id)) {
    losses.add(path);
    return undefined;
  }
  const { outer, inner } = unnest(extraFields(part.extra, id, losses, `${path}.`), "file");
  return {
    ...outer,
    type: "file",
    file: {
      ...inner,
      ...(filename === undefined ? {} : { filename }),
      ...(source.kind === "id" ? { file_id: source.id } : { file_data: toDataUrl(source) }),
    },
  };
}

/** A part of a user message; undefined where it cannot be said. @throws Fault `vendor_only` */
export function encodeUserPart(part: Part, losses: Losses, path: string): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return encodeText(part, losses, path);
    case "image":
      return encodeImage(part, losses, path);
    case "audio":
      return encodeAudio(part, losses, path);
    case "file":
      return encodeFile(part, losses, path);
    case "vendor":
      return ownValue(part, path);
    default:
      losses.add(path);
      return undefined;
  }
}

/** One plain text part as a string, which every compatible vendor takes; all else as an array. */
export function contentOf(items: readonly JsonObject[]): Json {
  const [only] = items;
  if (only === undefined) return "";
  const plain = items.length === 1 && only["type"] === "text" && Object.keys(only).length === 2;
  return plain ? (only["text"] ?? "") : [...items];
}

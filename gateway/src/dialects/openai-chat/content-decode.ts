import { isJsonObject } from "../../core/json.ts";
import type {
  AudioPart,
  CacheMarker,
  FilePart,
  ImagePart,
  Part,
  TextPart,
  VendorPart,
} from "../../core/part.ts";
import { audioMediaType, fromDataUrl } from "../openai-media.ts";
import type { Reader } from "../reader.ts";
import { id } from "./id.ts";
import { nestedRest } from "./nested-extra.ts";

/** Anthropic's marker, which OpenRouter and LiteLLM take here, too; other markers stay among the extra fields. */
export function decodeCache(holder: Reader): CacheMarker | undefined {
  const marker = holder.peek("cache_control");
  if (!isJsonObject(marker)) return undefined;
  const fields = Object.entries(marker);
  const known = fields.every(([key, value]) =>
    key === "type" ? value === "ephemeral" : key === "ttl" && (value === "5m" || value === "1h"),
  );
  if (!known) return undefined;
  holder.take("cache_control");
  const ttl = fields.find(([key]) => key === "ttl")?.[1];
  return ttl === "5m" || ttl === "1h" ? { ttl } : {};
}

function decodeText(part: Reader): TextPart {
  part.take("type");
  const text = part.string("text");
  const cache = decodeCache(part);
  const extra = part.rest(id);
  return {
    type: "text",
    text,
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function decodeImage(part: Reader): ImagePart {
  part.take("type");
  const image = part.object("image_url");
  const url = image.string("url");
  const detail = image.optionalOneOf("detail", ["low", "high", "auto"]);
  const cache = decodeCache(part);
  const extra = nestedRest(part, "image_url", image);
  return {
    type: "image",
    source: fromDataUrl(url) ?? { kind: "url", url },
    ...(detail === undefined ? {} : { detail }),
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function decodeAudio(part: Reader): AudioPart {
  part.take("type");
  const audio = part.object("input_audio");
  const data = audio.string("data");
  const format = audio.string("format");
  const extra = nestedRest(part, "input_audio", audio);
  return {
    type: "audio",
    source: { kind: "base64", mediaType: audioMediaType(format), data },
    format,
    ...(extra === undefined ? {} : { extra }),
  };
}

function decodeFile(part: Reader): FilePart | VendorPart {
  const file = part.object("file");
  const data = file.optionalString("file_data");
  const fileId = file.optionalString("file_id");
  if (data === undefined && fileId === undefined) {
    return { type: "vendor", origin: id, value: part.verbatim() };
  }
  part.take("type");
  const filename = file.optionalString("filename");
  const cache = decodeCache(part);
  const extra = nestedRest(part, "file", file);
  return {
    type: "file",
    // Bare base64 is accepted, too; a PDF is then what it is.
    source:
      data === undefined
        ? { kind: "id", id: fileId ?? "", origin: id }
        : (fromDataUrl(data) ?? { kind: "base64", mediaType: "application/pdf", data }),
    ...(filename === undefined ? {} : { filename }),
    ...(cache === undefined ? {} : { cache }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** A part that this dialect does not know stays verbatim. */
function vendorPart(part: Reader): VendorPart {
  return { type: "vendor", origin: id, value: part.verbatim() };
}

export function userPart(part: Reader): Part {
  switch (part.string("type")) {
    case "text":
      return decodeText(part);
    case "image_url":
      return decodeImage(part);
    case "input_audio":
      return decodeAudio(part);
    case "file":
      return decodeFile(part);
    default:
      return vendorPart(part);
  }
}

export function textOnlyPart(part: Reader): TextPart {
  if (part.string("type") !== "text") throw part.fault("type", "Only text is taken here.");
  return decodeText(part);
}

/** A part of an earlier answer; what is not known is told from tool calls by its wrapping. */
export function assistantPart(part: Reader): Part {
  switch (part.string("type")) {
    case "text":
      return decodeText(part);
    case "refusal":
      return { type: "refusal", text: part.string("refusal") };
    default:
      return {
        type: "vendor",
        origin: id,
        value: { type: "content_part", content_part: part.verbatim() },
      };
  }
}

/** `content` of a message: a string, or an array of parts. Empty where it is absent or "". */
export function decodeContent<Some extends Part>(
  message: Reader,
  decode: (part: Reader) => Some,
): (Some | TextPart)[] {
  const content = message.peek("content");
  if (typeof content === "string") {
    message.take("content");
    return content === "" ? [] : [{ type: "text", text: content }];
  }
  if (content !== undefined && !Array.isArray(content)) {
    throw message.fault("content", "Expected a string or an array of parts.");
  }
  return (message.optionalItems("content") ?? []).map(decode);
}

import type { MediaSource } from "../core/part.ts";

const marker = ";base64";

/** `data:<media type>;base64,<data>` taken apart; undefined for any other URL. https://www.rfc-editor.org/rfc/rfc2397 */
export function fromDataUrl(url: string): (MediaSource & { kind: "base64" }) | undefined {
  const comma = url.startsWith("data:") ? url.indexOf(",") : -1;
  const head = comma === -1 ? "" : url.slice(5, comma);
  if (!head.endsWith(marker)) return undefined;
  return { kind: "base64", mediaType: head.slice(0, -marker.length), data: url.slice(comma + 1) };
}

export function toDataUrl(source: MediaSource & { kind: "base64" }): string {
  return `data:${source.mediaType}${marker},${source.data}`;
}

/** `input_audio.format` names a codec, other dialects a media type. */
export function audioMediaType(format: string): string {
  return format === "mp3" ? "audio/mpeg" : `audio/${format}`;
}

export function audioFormat(mediaType: string): string {
  const subtype = mediaType.slice(mediaType.indexOf("/") + 1);
  if (subtype === "mpeg") return "mp3";
  return subtype.startsWith("x-") ? subtype.slice(2) : subtype;
}

import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { MediaSource } from "../../core/part.ts";
import { toDataUrl } from "../openai-media.ts";

const self = "openai-responses";

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
      return { [names.data]: toDataUrl(source) };
    case "text":
      // The wire knows only bytes: the text arrives, but not that it was text.
      losses.add(`${path}.source`);
      return {
        [names.data]: toDataUrl({
          kind: "base64",
          mediaType: source.mediaType,
          data: Buffer.from(source.text).toString("base64"),
        }),
      };
    default:
      if (source.origin === "anthropic-messages") return undefined;
      // OpenAI has one store of files for both of its dialects: the id means the same, only its origin is not said.
      if (source.origin !== self) losses.add(`${path}.source.origin`);
      return { file_id: source.id };
  }
}

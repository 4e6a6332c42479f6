import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { RefusalPart, TextPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { decodeAnnotations, encodeCitations } from "./citations.ts";
import { decodeLogprobs, encodeLogprobs } from "./logprobs.ts";
import { splitMessageFields } from "./message-extra.ts";

const self = "openai-responses";

/** Content of an assistant's message; undefined where the kind is not known. */
export function decodeOutputContent(content: Reader): TextPart | RefusalPart | undefined {
  switch (content.optionalString("type")) {
    case "output_text":
    case "input_text":
    case "text": {
      const text = content.string("text");
      const annotations = content.optionalItems("annotations") ?? [];
      const logprobs = decodeLogprobs(content.optionalItems("logprobs"));
      const extra = content.rest(self);
      return {
        type: "text",
        text,
        ...(annotations.length === 0 ? {} : { citations: decodeAnnotations(annotations) }),
        ...(logprobs === undefined ? {} : { logprobs }),
        ...(extra === undefined ? {} : { extra }),
      };
    }
    case "refusal":
      return { type: "refusal", text: content.string("refusal") };
    default:
      return undefined;
  }
}

/** A content part and the fields of the message item that it stands in. */
export function encodeOutputContent(
  part: TextPart | RefusalPart,
  path: string,
  losses: Losses,
): { readonly content: JsonObject; readonly item: JsonObject } {
  if (part.type === "refusal") {
    if (part.logprobs !== undefined) losses.add(`${path}.logprobs`);
    return { content: { type: "refusal", refusal: part.text }, item: {} };
  }
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  if (part.citations?.length === 0) losses.add(`${path}.citations`);
  const { item, content } = splitMessageFields(extraFields(part.extra, self, losses, `${path}.`));
  return {
    item,
    content: {
      ...content,
      type: "output_text",
      text: part.text,
      annotations: encodeCitations(part.citations, path, losses),
      logprobs: encodeLogprobs(part.logprobs, path, losses),
    },
  };
}

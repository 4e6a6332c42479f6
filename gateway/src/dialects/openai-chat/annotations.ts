import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Citation } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { id } from "./id.ts";
import { nestedRest, unnest } from "./nested-extra.ts";

/** One of `annotations`. All fields of a `url_citation` are required: "" and 0 to 0 stand for unknown. */
export function decodeAnnotation(annotation: Reader): Citation {
  const wrapped =
    annotation.peek("type") === "url_citation" ? annotation.optionalObject("url_citation") : undefined;
  const url = wrapped?.optionalString("url");
  if (wrapped === undefined || url === undefined) {
    return { kind: "vendor", origin: id, value: annotation.verbatim() };
  }
  annotation.take("type");
  const title = wrapped.optionalString("title") ?? "";
  const start = wrapped.optionalInteger("start_index") ?? 0;
  const end = wrapped.optionalInteger("end_index") ?? 0;
  const extra = nestedRest(annotation, "url_citation", wrapped);
  return {
    kind: "url",
    url,
    ...(title === "" ? {} : { title }),
    ...(start === 0 && end === 0 ? {} : { start, end }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Undefined where the citation cannot be said here. */
export function encodeAnnotation(citation: Citation, losses: Losses, path: string): JsonObject | undefined {
  if (citation.kind === "vendor" && citation.origin === id) return citation.value;
  if (citation.kind !== "url") {
    losses.add(path);
    return undefined;
  }
  const { outer, inner } = unnest(extraFields(citation.extra, id, losses, `${path}.`), "url_citation");
  return {
    ...outer,
    type: "url_citation",
    url_citation: {
      ...inner,
      url: citation.url,
      title: citation.title ?? "",
      start_index: citation.start ?? 0,
      end_index: citation.end ?? 0,
    },
  };
}

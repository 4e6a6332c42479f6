import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Citation } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";

const self = "openai-responses";

/** The wire requires title and offsets: "" and 0 to 0 stand for what is not known. */
export function decodeAnnotation(annotation: Reader): Citation {
  const verbatim = annotation.verbatim();
  if (annotation.optionalString("type") !== "url_citation" || typeof annotation.peek("url") !== "string")
    return { kind: "vendor", origin: self, value: verbatim };
  const url = annotation.string("url");
  const title = annotation.optionalString("title") ?? "";
  const start = annotation.optionalInteger("start_index");
  const end = annotation.optionalInteger("end_index");
  const placed = start !== undefined && end !== undefined && (start !== 0 || end !== 0);
  const extra = annotation.rest(self);
  return {
    kind: "url",
    url,
    ...(title === "" ? {} : { title }),
    ...(placed ? { start, end } : {}),
    ...(extra === undefined ? {} : { extra }),
  };
}

export function decodeAnnotations(annotations: readonly Reader[]): Citation[] {
  return annotations.map(decodeAnnotation);
}

/** @returns undefined, and a loss, where the citation cannot be said. */
export function encodeCitation(citation: Citation, path: string, losses: Losses): JsonObject | undefined {
  if (citation.kind === "vendor" && citation.origin === self) return citation.value;
  if (citation.kind !== "url") {
    losses.add(path);
    return undefined;
  }
  const { start, end } = citation;
  const placed = start !== undefined && end !== undefined && (start !== 0 || end !== 0);
  if (!placed && start !== undefined) losses.add(`${path}.start`);
  if (!placed && end !== undefined) losses.add(`${path}.end`);
  if (citation.title === "") losses.add(`${path}.title`);
  return {
    ...extraFields(citation.extra, self, losses, `${path}.`),
    type: "url_citation",
    url: citation.url,
    title: citation.title ?? "",
    start_index: placed ? start : 0,
    end_index: placed ? end : 0,
  };
}

export function encodeCitations(
  citations: readonly Citation[] | undefined,
  path: string,
  losses: Losses,
): Json[] {
  const annotations: Json[] = [];
  for (const [index, citation] of (citations ?? []).entries()) {
    const annotation = encodeCitation(citation, `${path}.citations[${index}]`, losses);
    if (annotation !== undefined) annotations.push(annotation);
  }
  return annotations;
}

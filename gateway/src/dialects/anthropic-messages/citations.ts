import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Citation } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { origin } from "./origin.ts";

type DocumentCitation = Extract<Citation, { kind: "document" }>;
type UrlCitation = Extract<Citation, { kind: "url" }>;

interface Location {
  readonly type: string;
  readonly unit: DocumentCitation["unit"];
  readonly start: string;
  readonly end: string;
}

const locations: readonly Location[] = [
  { type: "char_location", unit: "char", start: "start_char_index", end: "end_char_index" },
  { type: "page_location", unit: "page", start: "start_page_number", end: "end_page_number" },
  { type: "content_block_location", unit: "block", start: "start_block_index", end: "end_block_index" },
];
const webLocation = "web_search_result_location";

/** A citation of an unknown kind, or without what its kind needs, is kept verbatim. */
export function decodeCitation(reader: Reader): Citation {
  const type = reader.peek("type");
  const known =
    type === webLocation
      ? decodeWeb(reader)
      : decodeDocument(
          reader,
          locations.find((location) => location.type === type),
        );
  return known ?? { kind: "vendor", origin, value: reader.verbatim() };
}

function decodeDocument(reader: Reader, location: Location | undefined): DocumentCitation | undefined {
  if (location === undefined) return undefined;
  const document = reader.optionalInteger("document_index");
  const quote = reader.optionalString("cited_text");
  const start = reader.optionalInteger(location.start);
  const end = reader.optionalInteger(location.end);
  if (document === undefined || quote === undefined || start === undefined || end === undefined)
    return undefined;
  const title = reader.optionalString("document_title");
  reader.take("type");
  const extra = reader.rest(origin);
  return {
    kind: "document",
    document,
    ...(title === undefined ? {} : { title }),
    quote,
    unit: location.unit,
    start,
    end,
    ...(extra === undefined ? {} : { extra }),
  };
}

/** The quoted text and the encrypted index stay among the extra fields: only Anthropic can use them. */
function decodeWeb(reader: Reader): UrlCitation | undefined {
  const url = reader.optionalString("url");
  if (url === undefined) return undefined;
  const title = reader.optionalString("title");
  reader.take("type");
  for (const key of ["cited_text", "encrypted_index"]) if (reader.peek(key) === "") reader.take(key);
  const extra = reader.rest(origin);
  return {
    kind: "url",
    url,
    ...(title === undefined ? {} : { title }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/**
 * @param toVendor Anthropic takes back only the web citations that it made itself, by their encrypted index; a client
 * is shown any, with the strings that its type requires left empty.
 */
export function encodeCitation(
  citation: Citation,
  toVendor: boolean,
  losses: Losses,
  path: string,
): JsonObject | undefined {
  switch (citation.kind) {
    case "document": {
      const extra = extraFields(citation.extra, origin, losses, `${path}.`);
      return documentCitation(citation, { ...(toVendor ? {} : { file_id: null }), ...extra });
    }
    case "url": {
      const extra = extraFields(citation.extra, origin, losses, `${path}.`);
      if (toVendor && typeof extra?.["encrypted_index"] !== "string") break;
      for (const field of ["start", "end"] as const) {
        if (citation[field] !== undefined) losses.add(`${path}.${field}`);
      }
      return {
        cited_text: "",
        encrypted_index: "",
        ...extra,
        type: webLocation,
        url: citation.url,
        title: citation.title ?? null,
      };
    }
    case "vendor":
      if (citation.origin === origin) return citation.value;
  }
  losses.add(path);
  return undefined;
}

function documentCitation(citation: DocumentCitation, extra: JsonObject): JsonObject {
  const location = locations.find(({ unit }) => unit === citation.unit);
  return {
    ...extra,
    type: location?.type ?? citation.unit,
    cited_text: citation.quote,
    document_index: citation.document,
    document_title: citation.title ?? null,
    ...(location === undefined ? {} : { [location.start]: citation.start, [location.end]: citation.end }),
  };
}

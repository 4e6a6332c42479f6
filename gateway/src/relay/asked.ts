import type { ChatDialect, RequestPeek } from "../core/dialect.ts";
import { Fault } from "../core/fault.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { ChatRequest } from "../core/request.ts";
import { findJsonError } from "../framing/json-error.ts";
import { type ObjectScan, scanObject } from "../framing/json-scan.ts";

/** Deeper than any real request; what walks a body may recurse this far. */
const maximumDepth = 128;
/** Characters of an invalid body in which the error is looked for: the search is slow, and the caller has the body. */
const longestSearched = 1024 * 1024;
const scanned = ["model", "stream", "stream_options"];

interface Content {
  readonly bytes: Uint8Array;
  readonly body: JsonObject;
  readonly scan: ObjectScan;
  request?: ChatRequest;
}

/** A request body, read as far as was needed so far. */
export class Asked {
  readonly dialect: ChatDialect;
  readonly peek: RequestPeek;
  /** Bytes of the body. */
  readonly size: number;
  #content: Content | undefined;

  /** @throws Fault `invalid_json`, `invalid_request` */
  constructor(dialect: ChatDialect, bytes: Uint8Array) {
    this.dialect = dialect;
    this.size = bytes.length;
    const scan = scanObject(bytes, scanned);
    if (scan.depth > maximumDepth)
      throw new Fault("invalid_request", {
        detail: `The body is nested deeper than ${maximumDepth} levels.`,
      });
    const body = parseBody(bytes);
    this.peek = dialect.request.peek(body);
    this.#content = { bytes, body, scan };
  }

  get bytes(): Uint8Array {
    return this.#open().bytes;
  }

  get body(): JsonObject {
    return this.#open().body;
  }

  get scan(): ObjectScan {
    return this.#open().scan;
  }

  /** The whole request in the neutral form. @throws Fault `invalid_request` */
  get request(): ChatRequest {
    const content = this.#open();
    content.request ??= this.dialect.request.decode(content.body);
    return content.request;
  }

  /** The same call with another body. */
  with(body: JsonObject): Asked {
    return body === this.body ? this : new Asked(this.dialect, Buffer.from(JSON.stringify(body)));
  }

  /** No channel will be asked any more: a stream, which may last for minutes, must not hold a long conversation. */
  release(): void {
    this.#content = undefined;
  }

  #open(): Content {
    if (this.#content === undefined)
      throw new Fault("internal", { cause: new Error("the request was released") });
    return this.#content;
  }
}

function parseBody(bytes: Uint8Array): JsonObject {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const place = text.length > longestSearched ? undefined : findJsonError(text);
    const detail =
      place === undefined
        ? undefined
        : `Look at line ${place.line}, column ${place.column} (offset ${place.offset}).`;
    throw new Fault("invalid_json", detail === undefined ? {} : { detail });
  }
  if (!isJsonObject(body)) throw new Fault("invalid_request", { detail: "The body must be a JSON object." });
  return body;
}

import { isUtf8 } from "node:buffer";
import type { ChatDialect } from "../core/dialect.ts";
import type { ProviderFailure } from "../core/failure.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { ChatResponse } from "../core/response.ts";
import type { UpstreamHeaders } from "../providers/upstream.ts";
import type { Receiver } from "./attempt.ts";
import type { Meter } from "./meter.ts";
import { refusalOf } from "./refusal.ts";

const maximumAnswer = 64 * 1024 * 1024;

/** Gathers a whole answer, and decodes it where it is to be translated. */
export class PlainReceiver implements Receiver {
  readonly proved = false;
  // Vendors send blanks while they work on a whole answer.
  readonly bytesCount = true;
  readonly #dialect: ChatDialect;
  readonly #meter: Meter;
  readonly #translate: boolean;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #status = 0;
  headers: UpstreamHeaders = {};
  /** The bytes as they came and what they say, once complete. */
  answer: { readonly bytes: Uint8Array; readonly body: JsonObject } | undefined;
  /** The answer in the neutral form, where it is to be translated. */
  neutral: ChatResponse | undefined;

  constructor(dialect: ChatDialect, meter: Meter, translate: boolean) {
    this.#dialect = dialect;
    this.#meter = meter;
    this.#translate = translate;
  }

  head(status: number, headers: UpstreamHeaders): void {
    this.#status = status;
    this.headers = headers;
  }

  data(chunk: Uint8Array): ProviderFailure | undefined {
    this.#size += chunk.length;
    if (this.#size > maximumAnswer)
      return { code: "provider_bad_answer", message: "the answer is too large" };
    this.#chunks.push(chunk);
    return undefined;
  }

  end(): ProviderFailure | "complete" {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
    const body = parseObject(bytes);
    // A 200 that carries an error is an error.
    if (
      this.#status !== 200 ||
      body === undefined ||
      !Object.hasOwn(body, this.#dialect.response.answerField)
    )
      return refusalOf(this.#dialect, this.#status, body);
    this.#meter.outputBytes = bytes.length;
    this.#meter.report(this.#dialect.stream.usage(body));
    this.answer = { bytes, body };
    if (!this.#translate) return "complete";
    try {
      this.neutral = this.#dialect.response.decode(body);
    } catch {
      return { code: "provider_bad_answer", message: "the answer was not understood" };
    }
    return "complete";
  }
}

function parseObject(bytes: Uint8Array): JsonObject | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

import type { AnswerContext, ChatDialect, Frame, StreamDecoder, StreamEncoder } from "../core/dialect.ts";
import type { ChatEvent } from "../core/event.ts";
import type { ProviderFailure } from "../core/failure.ts";
import { SseParser } from "../framing/sse-parser.ts";
import { sseText } from "../framing/sse-writer.ts";
import type { Meter } from "./meter.ts";
import { empty, type StreamRelay, unreadable } from "./stream-relay.ts";

export interface TranslationSettings {
  readonly provider: ChatDialect;
  readonly client: ChatDialect;
  readonly context: AnswerContext;
  readonly meter: Meter;
  readonly rewrite?: (frame: Frame) => Frame;
}

/** Two dialects: bytes -> frames -> neutral events -> frames -> text. */
export class Translation implements StreamRelay {
  readonly #parser = new SseParser();
  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder;
  readonly #meter: Meter;
  readonly #rewrite: ((frame: Frame) => Frame) | undefined;
  proved = false;
  complete = false;
  failure: ProviderFailure | undefined;

  constructor(settings: TranslationSettings) {
    this.#decoder = settings.provider.stream.decoder();
    this.#encoder = settings.client.stream.encoder(settings.context);
    this.#meter = settings.meter;
    this.#rewrite = settings.rewrite;
  }

  get losses(): readonly string[] {
    return this.#encoder.losses;
  }

  push(chunk: Uint8Array): string | undefined {
    let frames: Frame[];
    try {
      frames = this.#parser.push(chunk);
    } catch {
      this.failure = unreadable;
      return undefined;
    }
    let text = "";
    for (const frame of frames) text += this.#translate(this.#decoder.push(frame));
    return text === "" ? undefined : text;
  }

  end(): string | undefined {
    const text = this.#translate(this.#decoder.end());
    if (!this.complete && this.failure === undefined)
      this.failure = { code: "provider_stream_broken", message: "the stream ended before it was complete" };
    return text === "" ? undefined : text;
  }

  #translate(events: readonly ChatEvent[]): string {
    let text = "";
    for (const event of events) {
      if (this.failure !== undefined) break;
      this.#note(event);
      // `#note` may have found one.
      if (this.failure !== undefined) break;
      for (const frame of this.#encoder.push(event)) text += sseText(this.#rewrite?.(frame) ?? frame);
    }
    return text;
  }

  #note(event: ChatEvent): void {
    if (event.type === "start") {
      this.#meter.report(event.usage);
      return;
    }
    if (event.type === "error" || (event.type === "end" && !this.proved)) {
      this.failure ??= event.type === "error" ? event.failure : empty;
      return;
    }
    this.proved = true;
    if (event.type === "end") {
      this.complete = true;
      this.#meter.report(event.usage);
    } else if (event.type === "part_delta" && "text" in event.delta) {
      this.#meter.outputBytes += Buffer.byteLength(event.delta.text);
    }
  }
}

import { isUtf8 } from "node:buffer";
import type { ChatDialect, Frame, StreamDecoder } from "../core/dialect.ts";
import type { ProviderFailure } from "../core/failure.ts";
import { FrameGate } from "../framing/frame-gate.ts";
import { SseParser } from "../framing/sse-parser.ts";
import { sseText } from "../framing/sse-writer.ts";
import type { Meter } from "./meter.ts";
import { empty, type StreamRelay, unreadable } from "./stream-relay.ts";
import { Tap } from "./tap.ts";

export interface PassThroughSettings {
  readonly dialect: ChatDialect;
  readonly meter: Meter;
  /** The client did not ask for usage frames. */
  readonly hideMetering: boolean;
  /** Sees every frame and may replace it; makes the relay take the frames apart. */
  readonly rewrite?: (frame: Frame) => Frame;
}

/** Same dialect on both sides: the bytes pass as they come, and a tap reads along. */
export class PassThrough implements StreamRelay {
  readonly losses: readonly string[] = [];
  readonly #gate = new FrameGate();
  readonly #tap: Tap;
  readonly #rewrite: ((frame: Frame) => Frame) | undefined;
  /** Both only until the provider has proved itself, or for a rewrite. */
  #parser: SseParser | undefined = new SseParser();
  #decoder: StreamDecoder | undefined;
  #failure: ProviderFailure | undefined;
  proved = false;

  constructor(settings: PassThroughSettings) {
    this.#tap = new Tap(settings.dialect, settings.meter, settings.hideMetering);
    this.#decoder = settings.dialect.stream.decoder();
    this.#rewrite = settings.rewrite;
  }

  get complete(): boolean {
    return this.#failure === undefined && this.#tap.complete;
  }

  get failure(): ProviderFailure | undefined {
    return this.#failure ?? this.#tap.failure;
  }

  push(chunk: Uint8Array): string | Uint8Array | undefined {
    try {
      const frames = this.#gate.push(chunk);
      if (frames === undefined) return undefined;
      if (isUtf8(frames)) return this.#pass(frames);
      this.#failure = unreadable;
      return undefined;
    } catch {
      this.#failure = unreadable;
      return undefined;
    }
  }

  end(): string | Uint8Array | undefined {
    const rest = this.#gate.end();
    const last = rest === undefined ? undefined : this.#pass(rest);
    if (!this.complete && this.failure === undefined)
      this.#failure = { code: "provider_stream_broken", message: "the stream ended before it was complete" };
    return last;
  }

  #pass(frames: Uint8Array): string | Uint8Array {
    const kept = this.#tap.read(frames);
    if (this.#parser === undefined) return kept;
    const parsed = this.#parser.push(kept);
    if (!this.proved) this.#probe(parsed);
    if (this.#rewrite !== undefined)
      return parsed.map((frame) => sseText(this.#rewrite?.(frame) ?? frame)).join("");
    if (this.proved) this.#parser = undefined;
    return kept;
  }

  #probe(frames: readonly Frame[]): void {
    for (const frame of frames) {
      for (const event of this.#decoder?.push(frame) ?? []) {
        if (event.type === "error" || (event.type === "end" && !this.proved)) {
          this.#failure ??= event.type === "error" ? event.failure : empty;
          return;
        }
        if (event.type !== "start") this.proved = true;
      }
    }
    if (this.proved) this.#decoder = undefined;
  }
}

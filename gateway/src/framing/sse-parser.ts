import { isUtf8 } from "node:buffer";
import type { Frame } from "../core/dialect.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;

/** A frame larger than the parser's limit: the stream is not to be trusted any further. */
export class FrameTooLarge extends Error {
  constructor(limit: number) {
    super(`a stream frame is larger than ${limit} bytes`);
    this.name = "FrameTooLarge";
  }
}

/** Data that is not UTF-8: the specification would put replacement characters in; the model never wrote those. */
export class FrameNotText extends Error {
  constructor() {
    super("a stream frame is not UTF-8");
    this.name = "FrameNotText";
  }
}

/**
 * Push parser for server-sent events on bytes: any split of the bytes gives the same frames, also one inside a
 * character or between CR and LF. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 *
 * Frames without data (comments, bare `event:` or `retry:` lines) are not reported. What follows the last blank line
 * when the stream ends is incomplete and is dropped, as the specification says.
 */
export class SseParser {
  readonly #limit: number;
  /** A line whose end has not come, in pieces: joining them with every chunk would cost the square of its length. */
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  #skipLineFeed = false;
  #first = true;
  #event: string | undefined;
  #data: string[] = [];
  #size = 0;

  /** @param limit most bytes of one line, and of one frame's data. */
  constructor(limit = 16 * 1024 * 1024) {
    this.#limit = limit;
  }

  /** @throws FrameTooLarge, FrameNotText */
  push(chunk: Uint8Array): Frame[] {
    if (!chunk.includes(lineFeed) && !chunk.includes(carriageReturn)) {
      this.#hold(chunk);
      return [];
    }
    const bytes = this.#heldBytes === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    const frames: Frame[] = [];
    let lineStart = 0;
    for (let position = this.#heldBytes; position < bytes.length; position += 1) {
      const byte = bytes[position];
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      if (byte === lineFeed && this.#skipLineFeed && position === lineStart) {
        this.#skipLineFeed = false;
        lineStart = position + 1;
        continue;
      }
      this.#skipLineFeed = byte === carriageReturn;
      this.#line(bytes, lineStart, position, frames);
      lineStart = position + 1;
    }
    this.#pieces = [];
    this.#heldBytes = 0;
    this.#hold(bytes.subarray(lineStart));
    return frames;
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#skipLineFeed = false;
    this.#pieces.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#limit) throw new FrameTooLarge(this.#limit);
  }

  #line(bytes: Uint8Array, from: number, to: number, frames: Frame[]): void {
    let start = from;
    if (this.#first) {
      this.#first = false;
      if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    }
    if (start === to) {
      this.#dispatch(frames);
      return;
    }
    const at = bytes.subarray(start, to).indexOf(colon);
    if (at === 0) return;
    const nameEnd = at === -1 ? to : start + at;
    let valueStart = Math.min(nameEnd + 1, to);
    if (valueStart < to && bytes[valueStart] === space) valueStart += 1;
    const name = text(bytes, start, nameEnd);
    if (name === "data") {
      this.#size += to - valueStart;
      if (this.#size > this.#limit) throw new FrameTooLarge(this.#limit);
      if (!isUtf8(bytes.subarray(valueStart, to))) throw new FrameNotText();
      this.#data.push(text(bytes, valueStart, to));
    } else if (name === "event") {
      this.#event = text(bytes, valueStart, to);
    }
  }

  #dispatch(frames: Frame[]): void {
    if (this.#data.length > 0) {
      const data = this.#data.length === 1 ? (this.#data[0] ?? "") : this.#data.join("\n");
      frames.push(this.#event === undefined ? { data } : { event: this.#event, data });
    }
    this.#event = undefined;
    this.#data = [];
    this.#size = 0;
  }
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
}

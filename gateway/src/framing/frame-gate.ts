import { FrameTooLarge } from "./sse-parser.ts";

const lineFeed = 0x0a;

/**
 * Lets only whole server-sent events through, so that what a client has received always ends between two frames: a
 * comment or an error frame may follow at any time. A chunk that ends with an empty line, as nearly all do, passes
 * as it is, without a copy.
 */
export class FrameGate {
  readonly #limit: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The last characters held, in which an empty line may have begun. */
  #tail = "";

  /** @param limit most bytes of one frame. */
  constructor(limit = 16 * 1024 * 1024) {
    this.#limit = limit;
  }

  /**
   * Whole frames, or undefined where there is none yet.
   * @throws FrameTooLarge
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const { length } = chunk;
    if (this.#heldBytes === 0 && chunk[length - 1] === lineFeed && chunk[length - 2] === lineFeed)
      return chunk;
    const text = this.#tail + latin1(chunk);
    const end = boundaryEnd(text) - this.#tail.length;
    if (end === chunk.length && this.#heldBytes === 0) return chunk;
    if (end <= 0) {
      this.#hold(chunk, text);
      return undefined;
    }
    const whole =
      this.#heldBytes === 0 ? chunk.subarray(0, end) : Buffer.concat([...this.#held, chunk.subarray(0, end)]);
    this.#held = [];
    this.#heldBytes = 0;
    this.#tail = "";
    if (end < chunk.length) this.#hold(chunk.subarray(end), text.slice(-3));
    return whole;
  }

  /** The stream ended: a last frame whose empty line is missing, completed; undefined where nothing is left. */
  end(): Uint8Array | undefined {
    if (this.#heldBytes === 0) return undefined;
    return Buffer.concat([...this.#held, Buffer.from("\n\n")]);
  }

  #hold(bytes: Uint8Array, text: string): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#limit) throw new FrameTooLarge(this.#limit);
    this.#held.push(bytes);
    this.#tail = text.slice(-Math.min(3, this.#heldBytes));
  }
}

/** One character a byte: offsets are the same, and searching a string is faster than searching bytes. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Offset behind the last empty line, with any of the line ends that the specification allows; 0 where there is none. */
function boundaryEnd(text: string): number {
  if (text.endsWith("\n\n")) return text.length;
  let end = 0;
  for (const boundary of ["\n\n", "\n\r\n", "\r\r"]) {
    const at = text.lastIndexOf(boundary);
    if (at !== -1) end = Math.max(end, at + boundary.length);
  }
  return end;
}

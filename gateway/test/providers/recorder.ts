import type { UpstreamHeaders, UpstreamListener } from "../../src/providers/upstream.ts";

/** Hears a call and fails the test's expectations loudly where the listener's contract is broken. */
export class Recorder implements UpstreamListener {
  readonly events: string[] = [];
  status: number | undefined;
  headers: UpstreamHeaders = {};
  error: Error | undefined;
  bytes = 0;
  readonly chunks: Buffer[] = [];
  readonly done: Promise<void>;
  readonly head: Promise<void>;
  onChunk: ((chunk: Uint8Array) => void) | undefined;
  #finish: () => void = () => undefined;
  #begin: () => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.head = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }

  get json(): unknown {
    return JSON.parse(this.text);
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.events.push("head");
    this.status = status;
    this.headers = headers;
    this.#begin();
  }

  onData(chunk: Uint8Array): void {
    this.events.push("data");
    this.bytes += chunk.length;
    this.chunks.push(Buffer.from(chunk));
    this.onChunk?.(chunk);
  }

  onEnd(): void {
    this.events.push("end");
    this.#finish();
  }

  onError(error: Error): void {
    this.events.push("error");
    this.error = error;
    this.#finish();
  }
}

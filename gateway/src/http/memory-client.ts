import type { AnswerHeaders, Client } from "../relay/client.ts";

/** A client that is this process: gathers an answer for somebody who asks later. */
export class MemoryClient implements Client {
  readonly #pieces: (string | Uint8Array)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  status = 0;
  closed = false;

  /** The caller has given up. */
  leave(): void {
    if (this.closed) return;
    this.closed = true;
    for (const listener of this.#closeListeners) listener();
  }

  get text(): string {
    return this.#pieces
      .map((piece) => (typeof piece === "string" ? piece : Buffer.from(piece).toString()))
      .join("");
  }

  head(status: number, _headers: AnswerHeaders): void {
    this.status = status;
  }

  write(chunk: string | Uint8Array): boolean {
    this.#pieces.push(chunk);
    return true;
  }

  end(chunk?: string | Uint8Array): void {
    if (chunk !== undefined) this.#pieces.push(chunk);
    this.closed = true;
  }

  abort(): void {
    this.closed = true;
  }

  onDrain(): void {}

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }
}

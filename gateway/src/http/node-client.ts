import type { ServerResponse } from "node:http";
import { latin1 } from "../framing/frame-gate.ts";
import type { AnswerHeaders, Client } from "../relay/client.ts";
import type { Site } from "./site.ts";

/** Bytes up to which copying a body is cheaper than a second buffer in the write. */
const oneWrite = 16 * 1024;

/** A connection of the listener as the relay sees it. */
export class NodeClient implements Client {
  readonly #response: ServerResponse;
  readonly #site: Pick<Site, "stopping" | "readTimeout">;

  constructor(response: ServerResponse, site: Pick<Site, "stopping" | "readTimeout">) {
    this.#response = response;
    this.#site = site;
    // A client that resets its connection is not an error of ours; `close` tells.
    response.on("error", () => {});
  }

  get closed(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  head(status: number, headers: AnswerHeaders): void {
    // The unread rest of a refused body must not be taken for a next request.
    const close = this.#site.stopping() || (status >= 400 && !this.#response.req.complete);
    this.#response.writeHead(status, close ? { ...headers, connection: "close" } : headers);
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#response.write(chunk);
  }

  end(chunk?: string | Uint8Array): void {
    // A string goes out in one piece with the head; Latin-1 is one character a byte, so the bytes stay the same.
    if (chunk instanceof Uint8Array && chunk.length <= oneWrite) this.#response.end(latin1(chunk), "latin1");
    else this.#response.end(chunk);
    // No deadline of the call counts any more. Node's own idle time begins once all is taken.
    if (this.#response.writableLength > 0) this.#response.socket?.setTimeout(this.#site.readTimeout());
  }

  abort(): void {
    this.#response.destroy();
  }

  onDrain(listener: () => void): void {
    this.#response.on("drain", listener);
  }

  onClose(listener: () => void): void {
    this.#response.on("close", () => {
      if (!this.#response.writableEnded) listener();
    });
  }
}

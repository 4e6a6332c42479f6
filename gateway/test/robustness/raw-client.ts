import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Door } from "./ask.ts";

/** A client below HTTP. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  text = "";

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => {
      this.text += piece.toString("latin1");
    });
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  static async open({ url }: Pick<Door, "url">): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Resolves once what was heard matches; rejects where the connection ends first. */
  async hears(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) {
      if (this.socket.destroyed) throw new Error(`the connection is over: ${this.text}`);
      await Promise.race([once(this.socket, "data"), this.closed]);
    }
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.text)?.[1]);
  }
}

/** Sends bytes as a whole request and gives all that came until the connection was closed. */
export async function sendRaw(door: Pick<Door, "url">, text: string | Uint8Array): Promise<RawClient> {
  const client = await RawClient.open(door);
  client.socket.write(text);
  await client.closed;
  return client;
}

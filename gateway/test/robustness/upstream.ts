import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";

/** One call as the vendor got it, whole. */
export interface Visit {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
  /** As it came, to look for what must not be in it. */
  readonly text: string;
  readonly response: ServerResponse;
  /** Resolves with the moment (`performance.now()`) at which the caller was gone before its answer was whole. */
  readonly gone: Promise<number>;
}

export interface Upstream {
  /** Scheme, host and port. */
  readonly url: string;
  /** Every call that arrived whole, in order. */
  readonly visits: Visit[];
  stop(): Promise<void>;
}

/** A vendor on a free port whose every answer is up to the test. */
export async function openUpstream(answer: (visit: Visit) => void): Promise<Upstream> {
  const visits: Visit[] = [];
  const server = createServer((request, response) => {
    const left = Promise.withResolvers<number>();
    response.on("error", () => {});
    response.on("close", () => {
      if (!response.writableFinished) left.resolve(performance.now());
    });
    const pieces: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString();
      const body = text === "" ? {} : (JSON.parse(text) as Visit["body"]);
      const visit = {
        path: request.url ?? "",
        headers: request.headers,
        body,
        text,
        response,
        gone: left.promise,
      };
      visits.push(visit);
      answer(visit);
    });
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 });
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface RawUpstream {
  readonly url: string;
  stop(): Promise<void>;
}

/** A vendor below HTTP: once a connection has brought a whole request, it answers what it likes. */
export async function openRawUpstream(
  answer: (socket: Socket, request: string) => void,
): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let text = "";
    socket.on("data", (piece: Buffer) => {
      text += piece.toString();
      // Every body here is one JSON object.
      if (!text.includes("\r\n\r\n") || !text.endsWith("}")) return;
      const request = text;
      text = "";
      answer(socket, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

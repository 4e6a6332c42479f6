import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { afterEach, expect } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import {
  createTransport,
  type TransportOptions,
  type UpstreamTransport,
} from "../../src/providers/transport.ts";
import type { UpstreamCall } from "../../src/providers/upstream.ts";
import { Recorder } from "./recorder.ts";

const closers: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

export function open(options: Partial<TransportOptions> = {}): UpstreamTransport {
  const transport = createTransport({ clock: systemClock, ...options });
  closers.push(() => transport.close(0));
  return transport;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handler);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listening(server);
}

export async function serveRaw(handler: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    handler(socket);
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listening(server);
}

export function call(origin: string, rest: Partial<UpstreamCall> = {}): UpstreamCall {
  return { method: "POST", origin, path: "/v1/x", headers: {}, body: "{}", connectTimeout: 2000, ...rest };
}

export async function heard(transport: UpstreamTransport, what: UpstreamCall): Promise<Recorder> {
  const recorder = new Recorder();
  transport.transport(what, recorder);
  expect(recorder.events).toEqual([]);
  await recorder.done;
  return recorder;
}

export function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => resolve(body));
  });
}

/** HTTPS with a certificate that nobody vouches for. */
export async function serveSelfSigned(handler: (response: ServerResponse) => void): Promise<string> {
  const pem = readFileSync(new URL("fixtures/self-signed.pem", import.meta.url));
  const server = createTlsServer({ key: pem, cert: pem }, (_, response) => handler(response));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (await listening(server)).replace("http:", "https:");
}

/** An origin where nobody listens any more. */
export async function gone(): Promise<string> {
  const origin = await serveRaw(() => undefined);
  await closers.pop()?.();
  return origin;
}

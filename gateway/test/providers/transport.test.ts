import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import {
  createTransport,
  type TransportOptions,
  type UpstreamTransport,
} from "../../src/providers/transport.ts";
import type { UpstreamCall } from "../../src/providers/upstream.ts";
import { isConnectFailure, UpstreamError } from "../../src/providers/upstream-error.ts";
import { Recorder } from "./recorder.ts";

const closers: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function open(options: Partial<TransportOptions> = {}): UpstreamTransport {
  const transport = createTransport({ clock: systemClock, ...options });
  closers.push(() => transport.close(0));
  return transport;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listening(server);
}

async function serveRaw(handler: (socket: Socket) => void): Promise<string> {
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

function call(origin: string, rest: Partial<UpstreamCall> = {}): UpstreamCall {
  return { method: "POST", origin, path: "/v1/x", headers: {}, body: "{}", connectTimeout: 2000, ...rest };
}

async function heard(transport: UpstreamTransport, what: UpstreamCall): Promise<Recorder> {
  const recorder = new Recorder();
  transport.transport(what, recorder);
  expect(recorder.events).toEqual([]);
  await recorder.done;
  return recorder;
}

function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => resolve(body));
  });
}

describe("transport", () => {
  test("sends method, path, headers and body, and hears head, data and end in this order", async () => {
    const origin = await serve((request, response) => {
      void read(request).then((body) => {
        response.writeHead(201, { "x-one": "1", "set-cookie": ["a=1", "b=2"] });
        response.end(JSON.stringify({ url: request.url, method: request.method, h: request.headers, body }));
      });
    });
    const answer = await heard(
      open(),
      call(origin, { path: "/p?q=%20", headers: { authorization: "Bearer k" }, body: "grüße" }),
    );
    expect(answer.events).toEqual(["head", "data", "end"]);
    expect(answer.status).toBe(201);
    expect(answer.headers["x-one"]).toBe("1");
    expect(answer.headers["set-cookie"]).toBe("a=1, b=2");
    expect(answer.json).toMatchObject({
      url: "/p?q=%20",
      method: "POST",
      body: "grüße",
      h: { authorization: "Bearer k", "accept-encoding": "identity", "content-length": "7" },
    });
  });

  test("keeps connections for the calls that follow", async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("ok");
    });
    const transport = open();
    for (let turn = 0; turn < 10; turn += 1) expect((await heard(transport, call(origin))).text).toBe("ok");
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test("does not follow redirects and passes over informational answers", async () => {
    const origin = await serve((_, response) => {
      response.writeEarlyHints({ link: "</a>; rel=preload" });
      response.writeHead(307, { location: "http://127.0.0.1:1/elsewhere" }).end();
    });
    const answer = await heard(open(), call(origin));
    expect(answer.events).toEqual(["head", "end"]);
    expect(answer.status).toBe(307);
  });

  test("reads chunked answers as they come", async () => {
    const release: (() => void)[] = [];
    const origin = await serve((_, response) => {
      response.write("one");
      release.push(() => response.end("two"));
    });
    const recorder = new Recorder();
    recorder.onChunk = () => release.splice(0).forEach((each) => each());
    open().transport(call(origin), recorder);
    await recorder.done;
    expect(recorder.events).toEqual(["head", "data", "data", "end"]);
    expect(recorder.text).toBe("onetwo");
  });

  test("a header named like a prototype key stays data", async () => {
    const origin = await serveRaw((socket) => {
      socket.end(
        "HTTP/1.1 200 OK\r\n__proto__: x\r\n__proto__: y\r\nconstructor: z\r\ncontent-length: 0\r\n\r\n",
      );
    });
    const answer = await heard(open(), call(origin));
    expect(Object.getPrototypeOf(answer.headers)).toBe(Object.prototype);
    expect(Object.hasOwn(answer.headers, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});

describe("transport under faults", () => {
  test("nobody listening is a connect failure", async () => {
    const origin = await serveRaw(() => undefined);
    await closers.pop()?.();
    const answer = await heard(open(), call(origin));
    expect(answer.events).toEqual(["error"]);
    expect(isConnectFailure(answer.error)).toBe(true);
    expect(answer.error?.message).toBe("could not connect to the provider (ECONNREFUSED)");
  });

  test("an unknown host is a connect failure", async () => {
    const answer = await heard(open(), call("http://nowhere.invalid"));
    expect(isConnectFailure(answer.error)).toBe(true);
  });

  test.each([
    ["before the head", ""],
    ["within the head", "HTTP/1.1 200 OK\r\ncontent-le"],
  ])("a reset %s is a broken call, not a connect failure", async (_, start) => {
    const origin = await serveRaw((socket) => {
      socket.once("data", () => {
        if (start === "") socket.resetAndDestroy();
        else socket.write(start, () => socket.resetAndDestroy());
      });
    });
    const answer = await heard(open(), call(origin));
    expect(answer.events).toEqual(["error"]);
    expect(answer.error).toMatchObject({ kind: "broken" });
    expect(isConnectFailure(answer.error)).toBe(false);
  });

  test.each([["content-length: 100\r\n\r\nabc"], ["transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"]])(
    "a body cut short ends in an error: %j",
    async (rest) => {
      const origin = await serveRaw((socket) => {
        socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
      });
      const answer = await heard(open(), call(origin));
      expect(answer.events).toEqual(["head", "data", "error"]);
      expect(answer.text).toBe("abc");
      expect(answer.error).toMatchObject({ kind: "broken" });
    },
  );

  test("an answer that is not HTTP is an error", async () => {
    const origin = await serveRaw((socket) => {
      socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    });
    expect((await heard(open(), call(origin))).error).toMatchObject({ kind: "broken" });
  });

  test("a head larger than 32 KiB is an error", async () => {
    const origin = await serveRaw((socket) => {
      socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(64 * 1024)}`));
    });
    expect((await heard(open(), call(origin))).error).toMatchObject({
      message: "the provider's connection broke (UND_ERR_HEADERS_OVERFLOW)",
    });
  });

  test("the connect timeout ends a call whose TLS handshake is never answered", async () => {
    const origin = await serveRaw(() => undefined);
    const answer = await heard(open(), call(origin.replace("http:", "https:"), { connectTimeout: 30 }));
    expect(answer.error).toMatchObject({ kind: "connect_timeout" });
    expect(isConnectFailure(answer.error)).toBe(true);
  });

  test("the connect timeout ends the wait for a free connection", async () => {
    const transport = open({ connections: 1 });
    const origin = await serve(() => undefined);
    const held = transport.transport(call(origin, { connectTimeout: 30 }), new Recorder());
    const answer = await heard(transport, call(origin, { connectTimeout: 30 }));
    expect(answer.error).toMatchObject({ kind: "connect_timeout" });
    expect(transport.active).toBe(1);
    held.abort();
  });

  test("a certificate that nobody vouches for is a connect failure", async () => {
    const pem = readFileSync(new URL("fixtures/self-signed.pem", import.meta.url));
    const server = createTlsServer({ key: pem, cert: pem }, (_, response) => response.end("secret"));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const origin = await listening(server);
    const answer = await heard(open(), call(origin.replace("http:", "https:")));
    expect(answer.error).toMatchObject({
      kind: "connect",
      message: "could not connect to the provider (DEPTH_ZERO_SELF_SIGNED_CERT)",
    });
  });

  test("what a listener's onData throws ends the call with an error", async () => {
    const origin = await serve((_, response) => response.end("x"));
    const recorder = new Recorder();
    recorder.onChunk = () => {
      throw new Error("listener");
    };
    open().transport(call(origin), recorder);
    await recorder.done;
    expect(recorder.events).toEqual(["head", "data", "error"]);
    expect(recorder.error).toMatchObject({ cause: { message: "listener" } });
  });
});

describe("calls that cannot be sent", () => {
  test.each<[string, Partial<UpstreamCall>]>([
    ["line break in a value", { headers: { "x-a": "1\r\nx-b: 2" } }],
    ["line break in a name", { headers: { "x-a\r\nx-b": "1" } }],
    ["a framing header", { headers: { "transfer-encoding": "chunked" } }],
    ["another host", { headers: { host: "evil.example" } }],
    ["a value beyond latin1", { headers: { "x-a": "\u2028" } }],
    ["line break in the path", { path: "/a HTTP/1.1\r\nx: y" }],
    ["no path", { path: "" }],
    ["no origin", { origin: "not an origin" }],
    ["an origin with a path", { origin: "http://127.0.0.1:1/x" }],
  ])("%s is refused after the transport returned, and nothing is sent", async (_, part) => {
    let calls = 0;
    const origin = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    const transport = open({ connections: 1 });
    const answer = await heard(transport, call(origin, part));
    expect(answer.events).toEqual(["error"]);
    expect(answer.error).toMatchObject({ kind: "invalid" });
    expect(isConnectFailure(answer.error)).toBe(false);
    expect((await heard(transport, call(origin))).status).toBe(200);
    expect(calls).toBe(1);
  });
});

describe("abort", () => {
  test("closes the connection within 100 ms and nothing is heard afterwards", async () => {
    const closed: Promise<unknown>[] = [];
    const origin = await serve((request, response) => {
      closed.push(once(request.socket, "close"));
      response.write("first");
    });
    const recorder = new Recorder();
    const transport = open();
    const handle = transport.transport(call(origin), recorder);
    await recorder.head;
    const before = recorder.events.length;
    const started = performance.now();
    handle.abort();
    handle.abort();
    await closed[0];
    expect(performance.now() - started).toBeLessThan(100);
    handle.resume();
    handle.pause();
    await new Promise(setImmediate);
    expect(recorder.events.length).toBe(before);
    expect(recorder.events).not.toContain("error");
    expect(transport.active).toBe(0);
  });

  test.each(["onHead", "onData"] as const)("within %s is the last that is heard", async (when) => {
    const origin = await serve((_, response) => response.end("all at once"));
    const recorder = new Recorder();
    const transport = open();
    const original = recorder[when].bind(recorder) as (...values: unknown[]) => void;
    recorder[when] = (...values: unknown[]): void => {
      original(...values);
      handle.abort();
    };
    const handle = transport.transport(call(origin), recorder);
    await recorder.head;
    expect((await heard(transport, call(origin))).text).toBe("all at once");
    expect(recorder.events).toEqual(when === "onHead" ? ["head"] : ["head", "data"]);
  });

  test("right after the start sends nothing", async () => {
    let calls = 0;
    const origin = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    const transport = open();
    const recorder = new Recorder();
    transport.transport(call(origin), recorder).abort();
    await heard(transport, call(origin));
    expect(calls).toBe(1);
    expect(recorder.events).toEqual([]);
  });

  test("of a call refused at once keeps its error quiet", async () => {
    const transport = open();
    const recorder = new Recorder();
    transport.transport(call("nonsense"), recorder).abort();
    await new Promise(setImmediate);
    expect(recorder.events).toEqual([]);
  });
});

describe("backpressure", () => {
  test("a paused call stops the provider, and resume brings every byte", async () => {
    const total = 8 * 1024 * 1024;
    const piece = Buffer.alloc(64 * 1024, "x");
    let sent = 0;
    let stuck: () => void = () => undefined;
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    const origin = await serve((_, response) => {
      const write = (): void => {
        while (sent < total) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once("drain", write);
            return;
          }
        }
        response.end();
      };
      write();
      const watch = (last: number): void => {
        setTimeout(() => (sent === last ? stuck() : watch(sent)), 50);
      };
      watch(-1);
    });
    const recorder = new Recorder();
    recorder.onChunk = () => {
      recorder.onChunk = undefined;
      handle.pause();
    };
    const handle = open().transport(call(origin), recorder);
    await isStuck;
    expect(recorder.bytes).toBeLessThanOrEqual(256 * 1024);
    expect(sent).toBeLessThan(total);
    handle.resume();
    await recorder.done;
    expect(recorder.bytes).toBe(total);
    expect(recorder.events.at(-1)).toBe("end");
  });

  test("resuming another call from within a data event is safe", async () => {
    const origin = await serve((_, response) => {
      response.write("a".repeat(1000));
      response.end("b");
    });
    const transport = open();
    const slow = new Recorder();
    slow.onChunk = () => {
      slow.onChunk = undefined;
      slowHandle.pause();
    };
    const slowHandle = transport.transport(call(origin), slow);
    await slow.head;
    const quick = new Recorder();
    quick.onChunk = () => slowHandle.resume();
    transport.transport(call(origin), quick);
    await Promise.all([slow.done, quick.done]);
    expect([slow.bytes, quick.bytes]).toEqual([1001, 1001]);
  });
});

describe("limits", () => {
  test("calls beyond the connections wait, those beyond the waiting room are refused", async () => {
    const answers: (() => void)[] = [];
    let openTwo: () => void = () => undefined;
    const twoOpen = new Promise<void>((resolve) => {
      openTwo = resolve;
    });
    let most = 0;
    let finish = false;
    const origin = await serve((_, response) => {
      answers.push(() => response.end());
      most = Math.max(most, answers.length);
      if (answers.length === 2) openTwo();
      if (finish) answers.splice(0).forEach((answer) => answer());
    });
    const transport = open({ connections: 2, waiting: 2 });
    const recorders = Array.from({ length: 5 }, () => new Recorder());
    const handles = recorders.map((each) => transport.transport(call(origin), each));
    await Promise.all([recorders[4]?.done, twoOpen]);
    expect(recorders[4]?.error).toMatchObject({ kind: "busy" });
    handles[2]?.abort();
    expect(transport.active).toBe(3);
    finish = true;
    answers.splice(0).forEach((answer) => answer());
    for (const index of [0, 1, 3]) await recorders[index]?.done;
    expect([0, 1, 3].map((index) => recorders[index]?.status)).toEqual([200, 200, 200]);
    expect(recorders[2]?.events).toEqual([]);
    expect(most).toBe(2);
  });

  test("the origin unused for longest is closed, and comes back when asked again", async () => {
    const first = await serve((_, response) => response.end("1"));
    const second = await serve((_, response) => response.end("2"));
    const transport = open({ origins: 1 });
    for (const [origin, text] of [
      [first, "1"],
      [second, "2"],
      [first, "1"],
    ] as const) {
      expect((await heard(transport, call(origin))).text).toBe(text);
    }
  });
});

describe("close", () => {
  test("lets running calls finish and takes no more", async () => {
    const answers: (() => void)[] = [];
    const origin = await serve((_, response) => {
      response.write("a");
      answers.push(() => response.end("b"));
    });
    const transport = open();
    const running = new Recorder();
    transport.transport(call(origin), running);
    await running.head;
    const closing = transport.close(5000);
    const late = await heard(transport, call(origin));
    expect(late.error).toMatchObject({ kind: "closed" });
    answers.forEach((answer) => answer());
    await closing;
    await running.done;
    expect(running.text).toBe("ab");
    await transport.close(5000);
  });

  test("ends what is still running after the deadline", async () => {
    const origin = await serve((_, response) => response.write("a"));
    const transport = open();
    const running = new Recorder();
    transport.transport(call(origin), running);
    await running.head;
    await transport.close(20);
    await running.done;
    expect(running.error).toBeInstanceOf(UpstreamError);
    expect(transport.active).toBe(0);
  });
});

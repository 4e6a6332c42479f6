import { describe, expect, test } from "vitest";
import type { UpstreamCall } from "../../src/providers/upstream.ts";
import { isUnsent } from "../../src/providers/upstream-error.ts";
import { Recorder } from "./recorder.ts";
import { call, gone, heard, open, serve, serveRaw, serveSelfSigned } from "./upstream-servers.ts";

describe("transport under faults", () => {
  test("nobody listening is a connect failure", async () => {
    const answer = await heard(open(), call(await gone()));
    expect(answer.events).toEqual(["error"]);
    expect(isUnsent(answer.error)).toBe(true);
    expect(answer.error?.message).toBe("could not connect to the provider (ECONNREFUSED)");
  });

  test("an unknown host is a connect failure", async () => {
    const answer = await heard(open(), call("http://nowhere.invalid"));
    expect(isUnsent(answer.error)).toBe(true);
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
    expect(isUnsent(answer.error)).toBe(false);
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
    expect(isUnsent(answer.error)).toBe(true);
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
    const origin = await serveSelfSigned((response) => response.end("secret"));
    const answer = await heard(open(), call(origin));
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
    expect(isUnsent(answer.error)).toBe(true);
    expect((await heard(transport, call(origin))).status).toBe(200);
    expect(calls).toBe(1);
  });
});

import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createAdminListener } from "../../src/admin/admin-listener.ts";
import { Fault } from "../../src/core/fault.ts";
import { adminKey, setUp } from "./fake-house.ts";

describe("the control API", () => {
  test("asks the keyring with the caller's headers and address, and 200 follows", async () => {
    const { call, judged } = setUp();
    const answer = await call("GET", "/health");
    expect(answer.status).toBe(200);
    expect(judged).toEqual([{ authorization: `Bearer ${adminKey}`, address: "127.0.0.1" }]);
    expect(answer.headers.get("entente-request-id")).toMatch(/^req_/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each([
    ["missing_key", 401],
    ["expired_key", 401],
    ["wrong_key_kind", 403],
    ["not_found", 404],
  ] as const)("refuses every path where the keyring says %s: %i", async (code, status) => {
    const { call, keys } = setUp({ refuse: new Fault(code) });
    for (const [method, path] of [
      ["GET", "/keys"],
      ["POST", "/keys"],
      ["DELETE", "/keys/key_1"],
      ["GET", "/openapi.json"],
      ["GET", "/config"],
      ["GET", "/nowhere"],
    ] as const) {
      const answer = await call(method, path, method === "POST" ? { name: "x" } : undefined);
      expect(answer).toMatchObject({
        status,
        body: { error: { code, requestId: expect.stringMatching(/^req_/) } },
      });
    }
    expect(keys).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["a page of another site", { origin: "https://evil.test" }],
    ["a page of another port", { origin: "http://localhost:3000" }],
    ["a page without an origin of its own", { origin: "null" }],
    ["a link on another site", { "sec-fetch-site": "cross-site" }],
    ["another service of the same site", { "sec-fetch-site": "same-site" }],
    ["a foreign name for this machine", { host: "evil.test:8080" }],
    ["a name that only begins as ours", { host: "localhost.evil.test" }],
    ["a public name made of ours", { host: "127.0.0.1.evil.test:8080" }],
  ])("answers 403 to %s, without a look at its key", async (_, headers) => {
    const { call, judged } = setUp();
    const answer = await call("GET", "/keys", undefined, headers);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "foreign_origin" } } });
    expect(judged).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["a page of its own", { origin: "http://localhost:8080", "sec-fetch-site": "same-origin" }],
    ["a typed address", { "sec-fetch-site": "none" }],
    ["IPv4", { host: "127.0.0.1:8080" }],
    ["IPv6", { host: "[::1]:8080" }],
    ["no port", { host: "LOCALHOST" }],
  ])("answers %s", async (_, headers) => {
    expect((await setUp().call("GET", "/keys", undefined, headers)).status).toBe(200);
  });

  test("takes any host name where the network may connect, but still no foreign page", async () => {
    const { call } = setUp({ access: "network" });
    const host = { host: "entente.example.com" };
    expect((await call("GET", "/keys", undefined, host)).status).toBe(200);
    expect((await call("GET", "/keys", undefined, { ...host, origin: "https://evil.test" })).status).toBe(
      403,
    );
    expect(
      (await call("GET", "/keys", undefined, { ...host, origin: "https://entente.example.com" })).status,
    ).toBe(200);
  });

  test("answers 404 to an unknown path and 405 to an unknown method", async () => {
    const { call } = setUp();
    expect(await call("GET", "/nowhere")).toMatchObject({
      status: 404,
      body: { error: { code: "not_found" } },
    });
    const answer = await call("PUT", "/keys", {});
    expect(answer).toMatchObject({ status: 405, body: { error: { code: "method_not_allowed" } } });
    expect(answer.headers.get("allow")).toBe("GET, POST");
  });

  test("answers 413 to a body over 64 KiB", async () => {
    const { call } = setUp();
    const answer = await call("POST", "/keys", { name: "x".repeat(70_000) });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "body_too_large" } } });
  });

  test("answers 500 without a word of what failed here, and tells the log", async () => {
    const { house, call, errors } = setUp();
    const broken = new Error("disk /var/secret is full");
    house.store.keys.list = () => Promise.reject(broken);
    const answer = await call("GET", "/keys");
    expect(answer).toMatchObject({ status: 500, body: { error: { code: "internal" } } });
    expect(JSON.stringify(answer.body)).not.toContain("secret");
    expect(errors).toEqual([broken]);
  });

  test("describes every path in its OpenAPI document", async () => {
    const { body } = await setUp().call("GET", "/openapi.json");
    const document = body as {
      openapi: string;
      info: { version: string };
      security: unknown;
      paths: Record<string, Record<string, { responses: Record<string, unknown>; summary: string }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe("3.1.0");
    expect(document.info.version).toBe("1.2.3");
    expect(document.security).toEqual([{ adminKey: [] }]);
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        "config",
        "health",
        "keys",
        "keys/{id}",
        "models",
        "models/resolve",
        "providers",
        "providers/{id}",
        "requests",
        "requests/{id}",
        "usage",
      ].map((path) => `/admin/v1/${path}`),
    );
    for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
      expect(operation.summary).not.toBe("");
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["400", "401", "403"]));
    }
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Key", "Money", "Error", "Request"]),
    );
  });
});

describe("over node:http", () => {
  async function serve() {
    const set = setUp();
    const listener = createAdminListener(set.house);
    const server = createServer((request, response) => void listener(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { ...set, port: (server.address() as AddressInfo).port };
  }

  test("it answers, and tells the caller's address to the keyring", async () => {
    const { port, judged } = await serve();
    const answer = await fetch(`http://127.0.0.1:${port}/admin/v1/keys`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "by wire" }),
    });
    expect(answer.status).toBe(201);
    expect(judged).toMatchObject([{ address: "127.0.0.1" }]);
  });

  test("it refuses a foreign host name", async () => {
    const { port } = await serve();
    const calling = request({
      port,
      host: "127.0.0.1",
      path: "/admin/v1/keys",
      headers: { host: "evil.test" },
    });
    calling.end();
    const [answer] = (await once(calling, "response")) as [{ statusCode: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });

  test("it leaves the runtime's globals alone", async () => {
    const before = [globalThis.Request, globalThis.Response];
    await serve();
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });
});

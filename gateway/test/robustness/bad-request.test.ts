import { expect, it } from "vitest";
import { type Answer, ask, question } from "./ask.ts";
import { answerAsAsked } from "./chat-vendor.ts";
import { RawClient, sendRaw } from "./raw-client.ts";
import { openHouse } from "./test-house.ts";
import type { Visit } from "./upstream.ts";

const paths = ["/v1/chat/completions", "/v1/responses", "/v1/messages"];
const serve = (visit: Visit) => answerAsAsked(visit, "fine", { prompt: 10, completion: 5 });

function bodyFor(path: string, model: string): Record<string, unknown> {
  return path === "/v1/responses" ? { model, input: "Hello" } : { ...question(model), max_tokens: 50 };
}

/** The sentence of an error in the shape of the path's dialect. */
function sentence(path: string, { text }: Answer): string {
  const body = JSON.parse(text) as { type?: string; error: Record<string, unknown> };
  if (path === "/v1/messages") expect(body.type).toBe("error");
  else expect(Object.keys(body.error).toSorted()).toEqual(["code", "message", "param", "type"]);
  return `${String(body.error["message"])} ${String(body.error["param"])}`;
}

it.each(paths)("%s refuses what is not a request, saying where it is wrong", async (path) => {
  const { gateway, upstream } = await openHouse(serve);
  const refused = async (
    body: unknown,
    status: number,
    pattern: RegExp,
    headers: Record<string, string> = {},
  ) => {
    const answer = await ask(gateway, { path, body, headers });
    expect([answer.status, sentence(path, answer)]).toEqual([status, expect.stringMatching(pattern)]);
    expect(answer.headers["entente-request-id"]).toMatch(/^req_/);
  };
  await refused('{"model": "vendor/m",\n  "stream": tru}', 400, /line 2, column 13 \(offset 34\)/);
  await refused("", 400, /not valid JSON/);
  await refused("\ufeff{}", 400, /line 1, column 1 /);
  await refused('{"model":"vendor/m"} {}', 400, /offset 21/);
  await refused(Buffer.from([0xff, 0xfe, 0x7b, 0]), 400, /not valid JSON/);
  for (const body of ["[]", "null", '"text"', "7"]) await refused(body, 400, /must be a JSON object/);
  await refused({}, 400, /model/);
  await refused(bodyFor(path, 7 as unknown as string), 400, /model/);
  await refused({ ...bodyFor(path, "vendor/m"), stream: "yes" }, 400, /stream/);
  // Where nothing is translated, the vendor itself looks at the rest of the fields.
  const translated = path === "/v1/messages" ? "vendor/m" : "claude/m";
  const content = path === "/v1/responses" ? "input" : "messages";
  await refused(
    { ...bodyFor(path, translated), [content]: [7] },
    400,
    new RegExp(`${content}(\\[0\\]|\\.0)`),
  );
  await refused({ ...bodyFor(path, translated), temperature: "hot" }, 400, /temperature/);
  await refused(`{"a":${"[".repeat(200)}${"]".repeat(200)},"model":"vendor/m"}`, 400, /nested deeper/);
  await refused(`{"a":${'{"a":'.repeat(300_000)}1${"}".repeat(300_001)}`, 400, /nested deeper/);
  await refused("[".repeat(1_000_000), 400, /./);
  await refused("a=b", 415, /application\/json/, { "content-type": "application/x-www-form-urlencoded" });
  await refused("{}", 415, /uncompressed/, { "content-encoding": "gzip" });
  await refused(bodyFor(path, "vendor/mm"), 404, /Did you mean `vendor\/m`/);
  await refused(bodyFor(path, "x".repeat(1_000_000)), 404, /GET \/v1\/models/);
  await refused(bodyFor(path, "__proto__"), 404, /models/);
  expect(upstream.visits).toEqual([]);
});

it.each(paths)("%s refuses a body over the limit before it has come", async (path) => {
  const { gateway, upstream } = await openHouse(serve, "limits: {bodyBytes: 100 KiB}");
  const head = (more: string) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;
  // Not one byte of the body is sent.
  const announced = await sendRaw(gateway, head("content-length: 104857600"));
  expect([announced.status, announced.text]).toEqual([
    413,
    expect.stringContaining("The limit is 102400 bytes"),
  ]);
  const expecting = await sendRaw(gateway, head("content-length: 104857600\r\nexpect: 100-continue"));
  expect([expecting.status, expecting.text]).toEqual([413, expect.not.stringContaining("100 Continue")]);
  const chunked = await RawClient.open(gateway);
  chunked.socket.write(head("transfer-encoding: chunked"));
  for (let piece = 0; piece < 12; piece += 1) chunked.socket.write(`2800\r\n${" ".repeat(0x2800)}\r\n`);
  await chunked.closed;
  expect(chunked.status).toBe(413);
  // A client that sends all of it and only then reads still learns why.
  const whole = await ask(gateway, { path, body: " ".repeat(8 * 1024 * 1024) });
  expect(whole.status).toBe(413);
  expect(upstream.visits).toEqual([]);

  const allowed = await RawClient.open(gateway);
  const body = JSON.stringify(bodyFor(path, "vendor/m"));
  allowed.socket.write(head(`content-length: ${body.length}\r\nexpect: 100-continue`));
  await allowed.hears(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  allowed.socket.write(body);
  await allowed.hears(/HTTP\/1\.1 200 OK/);
  allowed.socket.destroy();
});

it("closes connections that dawdle with their headers or their body", async () => {
  const { gateway } = await openHouse(serve, "limits: {headerTimeout: 200ms, bodyTimeout: 400ms}");
  const began = performance.now();
  const dawdlers = [
    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-a: ",
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
  ].map(async (text) => {
    const client = await RawClient.open(gateway);
    client.socket.write(text);
    const drip = setInterval(() => client.socket.write("a"), 50);
    await client.closed;
    clearInterval(drip);
    return client.status;
  });
  for (const status of await Promise.all(dawdlers)) expect(status).toBe(408);
  expect(performance.now() - began).toBeLessThan(4000);
});

it("asks a vendor for the model that the policy was asked about, whichever spelling comes first or last", async () => {
  const { gateway, upstream } = await openHouse(serve);
  const messages = '"messages":[{"role":"user","content":"Hello"}]';
  const two = [
    `{"model":"vendor/m","model":"nobody/m",${messages}}`,
    `{"model":"nobody/m","mod\\u0065l":"vendor/m",${messages},"stream":true,"stream":false}`,
    `{"mod\\u0065l":"claude/m","model":"vendor/m",${messages}}`,
  ];
  const statuses: number[] = [];
  for (const body of two) statuses.push((await ask(gateway, { body })).status);
  expect(statuses).toEqual([404, 200, 200]);
  for (const { text, body } of upstream.visits) {
    expect(body["model"]).toBe("m");
    expect([...text.matchAll(/"(?:m|\\u006d)(?:o|\\u006f)del"/g)].length).toBe(1);
    expect(text).not.toMatch(/mod\\u0065l|nobody|claude/);
  }
});

it("is not polluted by names of prototypes, and takes no orders from the suffix of a name", async () => {
  const { gateway, upstream } = await openHouse(serve);
  const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
  for (const path of paths) {
    for (const model of ["vendor/m", "claude/m", "sim/text"]) {
      const body = JSON.stringify(bodyFor(path, model)).replace("{", `{${poison},"metadata":{${poison}},`);
      expect((await ask(gateway, { path, body })).status).not.toBe(500);
    }
  }
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  upstream.visits.length = 0;
  for (const model of ["vendor/m?stall=1", "vendor/m?", "vendor/m?x=/../../y"]) {
    expect((await ask(gateway, { body: question(model) })).status).toBe(404);
  }
  expect(upstream.visits).toEqual([]);
});

it("refuses paths, methods and requests that are none", async () => {
  const { gateway } = await openHouse(serve);
  for (const path of [
    "/",
    "/v1",
    "/v1/",
    "/v1/chat/completions/",
    "/v1//chat/completions",
    "/v1/%2e%2e/admin/v1/keys",
    "/V1/models",
    "//",
    "/%00",
    "/v1/models/%ff",
    "/v1/responses/%2F..%2F",
    "/constructor",
    "/__proto__",
    "/.env",
  ]) {
    for (const method of ["GET", "POST"]) {
      const answer = await ask(gateway, { method, path, ...(method === "POST" ? { body: {} } : {}) });
      expect([404, 405], `${method} ${path}: ${answer.status}`).toContain(answer.status);
    }
  }
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"]) {
    const answer = await ask(gateway, { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, "POST"]);
  }
  const raw = async (text: string) => (await sendRaw(gateway, text)).status;
  const auth = `authorization: Bearer ${gateway.key}`;
  expect(await raw("GARBAGE\r\n\r\n")).toBe(400);
  expect(await raw("GET /health HTTP/9.9\r\n\r\n")).toBe(400);
  expect(await raw(`GET /health HTTP/1.1\r\nhost: x\r\nx-big: ${"x".repeat(100_000)}\r\n\r\n`)).toBe(431);
  expect(
    await raw(
      `POST /v1/messages HTTP/1.1\r\nhost: x\r\n${auth}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ),
  ).toBe(400);
  expect(
    await raw(
      `POST /v1/messages HTTP/1.1\r\nhost: x\r\n${auth}\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}`,
    ),
  ).toBe(400);
  expect(await raw(`POST /v1/messages HTTP/1.1\r\nhost: x\r\n${auth}\r\ncontent-length: -1\r\n\r\n{}`)).toBe(
    400,
  );
  expect(await raw("GET /health HTTP/1.1\r\nhost: x\r\nx-a: b\u0000c\r\n\r\n")).toBe(400);
  expect(await raw("GET /health HTTP/1.1\r\nhost : x\r\n\r\n")).toBe(400);
  expect((await ask(gateway, { method: "GET", path: "/health" })).status).toBe(200);
});

it("lets no request write headers, upstream or down", async () => {
  const { gateway, upstream } = await openHouse(serve);
  const injections = ["m\r\nx-evil: 1", "m\u0000", "m\u2028x", "vendor/m?a\r\nx-evil: 1", "\ud800"];
  for (const path of paths) {
    for (const model of injections) {
      const answer = await ask(gateway, { path, body: bodyFor(path, model) });
      expect(answer.status).toBe(404);
      expect(answer.headers["x-evil"]).toBeUndefined();
    }
  }
  const headers = {
    "x-forwarded-for": "1.2.3.4",
    cookie: "a=b",
    "x-api-key": "stolen",
    "openai-organization": "org",
    "anthropic-beta": "some",
    traceparent: "00-evil",
    "entente-sim": "fail=500",
    "proxy-authorization": "x",
  };
  expect((await ask(gateway, { body: question("vendor/m"), headers })).status).toBe(200);
  const [visit] = upstream.visits;
  expect(Object.keys(visit?.headers ?? {}).toSorted()).toEqual([
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
  ]);
  expect(visit?.headers.authorization).toBe("Bearer vendor-secret");
});

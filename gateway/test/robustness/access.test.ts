import { once } from "node:events";
import { expect, it } from "vitest";
import { type Answer, ask, LiveAnswer, question } from "./ask.ts";
import { answerAsAsked, beginStream, lastFrames, textFrame } from "./chat-vendor.ts";
import { runEntente } from "./gateway-process.ts";
import { openHouse } from "./test-house.ts";
import type { Visit } from "./upstream.ts";

const usage = { prompt: 10, completion: 5 };
const serve = (visit: Visit) => answerAsAsked(visit, "fine", usage);
const dialectPaths = ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens"];

function bodyFor(path: string, model: string) {
  return path === "/v1/responses" ? { model, input: "Hello" } : { ...question(model), max_tokens: 50 };
}

/** The error of an answer in either of the shapes that callers know. */
function error({ text }: Answer): string {
  const { error: told } = JSON.parse(text) as { error: { code?: string; message: string } };
  return `${told.code ?? ""} ${told.message}`;
}

interface MadeKey {
  readonly key: string;
  readonly id: string;
}

async function makeKey(gateway: { url: string; adminKey: string }, wanted: object): Promise<MadeKey> {
  const answer = await ask(
    { url: gateway.url, key: gateway.adminKey },
    { path: "/admin/v1/keys", body: { name: "test", ...wanted } },
  );
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining("ent-")]);
  const { secret, id } = JSON.parse(answer.text) as { secret: string; id: string };
  return { key: secret, id };
}

it("a wrong, missing, expired or forbidden key is refused in the path's dialect, before the body is read", async () => {
  const { gateway, upstream } = await openHouse(serve);
  // The control API loads with its first call.
  await makeKey(gateway, {});
  const expired = await makeKey(gateway, { expiresAt: new Date(Date.now() + 300).toISOString() });
  await expect
    .poll(async () => (await ask(gateway, { method: "GET", path: "/v1/models", key: expired.key })).status)
    .toBe(401);
  const other = `ent-${"A".repeat(40)}`;
  for (const path of dialectPaths) {
    const status = async (key: string, headers = {}) => {
      const answer = await ask(gateway, { path, body: "{", key, headers });
      return [answer.status, error(answer)];
    };
    for (const key of [
      other,
      "sk-proj-abc",
      "ent-",
      "x".repeat(5000),
      `${gateway.key}x`,
      gateway.key.toLowerCase(),
      "__proto__",
    ])
      expect(await status(key)).toEqual([401, expect.stringMatching(/not known here/)]);
    expect(await status("")).toEqual([401, expect.stringMatching(/No API key was sent/)]);
    expect(await status(expired.key)).toEqual([401, expect.stringMatching(/has expired/)]);
    expect(await status(gateway.adminKey)).toEqual([403, expect.stringMatching(/does not open this door/)]);
    expect(await status("", { "x-api-key": other })).toEqual([401, expect.stringMatching(/not known here/)]);
  }
  expect(upstream.visits).toEqual([]);
});

it("a key is held to its models by every name that they have", async () => {
  const { gateway, upstream } = await openHouse(
    serve,
    "routes: {mixed: [vendor/m, claude/m], one: [vendor/m]}\n",
  );
  const { key } = await makeKey(gateway, { allowedModels: ["one"] });
  for (const path of dialectPaths) {
    for (const model of ["vendor/m", "claude/m", "m", "mixed", "sim/text", "sim/text?tokens=1"]) {
      const answer = await ask(gateway, { path, body: bodyFor(path, model), key });
      expect([answer.status, model], answer.text).toEqual([403, model]);
    }
    expect((await ask(gateway, { path, body: bodyFor(path, "one"), key })).status).toBe(200);
  }
  expect(new Set(upstream.visits.map(({ path }) => path))).toEqual(new Set(["/v1/chat/completions"]));
  const listed = await ask(gateway, { method: "GET", path: "/v1/models", key });
  expect((JSON.parse(listed.text) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(["one"]);
});

it("a key revoked by another process is refused within a second; a stream that runs is not cut", async () => {
  let running: Visit | undefined;
  const { gateway } = await openHouse((visit) => {
    if (visit.body["stream"] !== true) {
      serve(visit);
      return;
    }
    running = visit;
    beginStream(visit);
    visit.response.write(textFrame("before"));
  });
  const { key, id } = await makeKey(gateway, {});
  const door = { url: gateway.url, key };
  const client = new LiveAnswer(door, { body: question("vendor/m", { stream: true }) });
  await client.until(({ text }) => text.includes("before"));
  expect((await ask(door, { body: question("vendor/m") })).status).toBe(200);

  const command = runEntente(["keys", "revoke", id, "--data", `${gateway.folder}/data`], gateway.folder);
  const [code] = (await once(command, "close")) as [number];
  const revoked = performance.now();
  expect(code).toBe(0);
  await expect
    .poll(async () => (await ask(door, { body: question("vendor/m") })).status, {
      timeout: 3000,
      interval: 20,
    })
    .toBe(401);
  expect(performance.now() - revoked).toBeLessThan(1000);
  expect(error(await ask(door, { body: question("vendor/m") }))).toMatch(/was revoked/);
  running?.response.end(textFrame("after") + lastFrames(usage));
  await client.ended();
  expect(client.text).toContain("after");
});

it("the control API takes admin keys only, from this machine only, and from no foreign page", async () => {
  const { gateway } = await openHouse(serve);
  const paths = [
    "/admin/v1/keys",
    "/admin/v1/config",
    "/admin/v1/requests",
    "/admin/v1/providers",
    "/admin/v1/usage",
    "/admin/v1/nothing",
  ];
  const status = async (path: string, key: string, headers = {}) =>
    (await ask(gateway, { method: "GET", path, key, headers })).status;
  for (const path of paths) {
    expect(await status(path, "")).toBe(401);
    expect(await status(path, `ent-admin-${"A".repeat(40)}`)).toBe(401);
    expect(await status(path, gateway.key)).toBe(403);
    expect(await status(path, gateway.adminKey)).toBe(path.endsWith("nothing") ? 404 : 200);
    for (const headers of [
      { host: "evil.example" },
      { host: "evil.example:8080" },
      { host: "127.0.0.1.evil.example" },
      { host: "localhost@evil.example" },
      { origin: "http://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ])
      expect([await status(path, gateway.adminKey, headers), headers]).toEqual([
        headers.host?.includes("@") === true ? 400 : 403,
        headers,
      ]);
    // Whoever claims to be near is no nearer.
    expect(await status(path, "", { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" })).toBe(401);
  }
  expect(await status("/v1/models", gateway.adminKey)).toBe(403);
  const config = await ask(gateway, { method: "GET", path: "/admin/v1/config", key: gateway.adminKey });
  expect(config.text).not.toContain("vendor-secret");
});

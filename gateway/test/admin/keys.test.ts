import { describe, expect, test } from "vitest";
import { hashKey } from "../../src/identity/key-format.ts";
import { now, setUp } from "./fake-house.ts";

interface Created {
  readonly id: string;
  readonly secret: string;
}

describe("creating a key", () => {
  test("answers 201 with the secret, stores its hash only, and makes it count at once", async () => {
    const { call, keys, refreshes } = setUp();
    const { status, body } = await call("POST", "/keys", { name: "checkout" });
    const { secret } = body as Created;
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: "project",
      project: "default",
      name: "checkout",
      state: "active",
      createdAt: "2026-11-23T12:00:00.000Z",
    });
    expect(keys).toMatchObject([{ hash: hashKey(secret), name: "checkout" }]);
    expect(JSON.stringify(keys)).not.toContain(secret);
    expect(refreshes).toEqual([1]);
  });

  test("takes kind, project, models and expiry", async () => {
    const { call, keys } = setUp();
    const wanted = {
      name: "x",
      project: "shop",
      allowedModels: ["openai/*"],
      expiresAt: "2027-01-01T00:00:00+01:00",
    };
    const { status, body } = await call("POST", "/keys", wanted);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      project: "shop",
      allowedModels: ["openai/*"],
      expiresAt: "2026-12-31T23:00:00.000Z",
    });
    expect(keys[0]?.expiresAt).toBe(Date.UTC(2026, 11, 31, 23));
    expect((await call("POST", "/keys", { name: "y", kind: "admin" })).body).toMatchObject({ kind: "admin" });
  });

  test.each<[string, unknown, string | undefined]>([
    ["no name", {}, "name"],
    ["an empty name", { name: "" }, "name"],
    ["a name with a line feed", { name: "a\nb" }, "name"],
    ["a name of a wrong type", { name: 5 }, "name"],
    ["an unknown kind", { name: "x", kind: "root" }, "kind"],
    ["a project with a slash", { name: "x", project: "a/b" }, "project"],
    ["no model at all", { name: "x", allowedModels: [] }, "allowedModels"],
    ["a model of a wrong type", { name: "x", allowedModels: ["a", 1] }, "allowedModels[1]"],
    ["an expiry that is no time", { name: "x", expiresAt: "tomorrow" }, "expiresAt"],
    ["an expiry in the past", { name: "x", expiresAt: "2026-11-23T12:00:00Z" }, "expiresAt"],
    ["an admin key with models", { name: "x", kind: "admin", allowedModels: ["a"] }, "allowedModels"],
    ["an unknown field", { name: "x", role: "root" }, undefined],
    ["a hash of the caller's choice", { name: "x", hash: "0".repeat(64) }, undefined],
    ["an array", [], undefined],
  ])("answers 400 to %s", async (_, wanted, param) => {
    const { call, keys } = setUp();
    const answer = await call("POST", "/keys", wanted);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
    expect((answer.body as { error: { param?: string } }).error.param).toBe(param);
    expect(keys).toEqual([]);
  });

  test.each([
    ["400 to what is not JSON", 400, "invalid_json", '{"name":', "application/json"],
    ["400 to an empty body", 400, "invalid_json", "", "application/json"],
    ["415 to JSON that does not say so", 415, "unsupported_media_type", '{"name":"x"}', "text/plain"],
    ["415 to a form", 415, "unsupported_media_type", "name=x", "application/x-www-form-urlencoded"],
  ])("answers %s", async (_, status, code, text, type) => {
    const { call, keys } = setUp();
    const answer = await call("POST", "/keys", text, { "content-type": type });
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(keys).toEqual([]);
  });

  test("cannot reach a prototype", async () => {
    const { call } = setUp();
    await call("POST", "/keys", '{"name":"x","__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("listing keys", () => {
  test("answers 200 with states and hints, newest first, and neither secret nor hash", async () => {
    const { call, keys } = setUp();
    const key = { hash: "h".repeat(64), kind: "project", project: "a", hint: "ent-abc...wxyz" } as const;
    keys.push(
      { ...key, id: "key_1", name: "active", createdAt: now - 3 },
      { ...key, id: "key_2", name: "expired", createdAt: now - 2, expiresAt: now },
      { ...key, id: "key_3", name: "revoked", createdAt: now - 1, revokedAt: now },
      { ...key, id: "key_4", name: "admin", kind: "admin", project: "b", createdAt: now },
    );
    const { status, body } = await call("GET", "/keys");
    const listed = (body as { keys: { id: string; state: string }[] }).keys;
    expect(status).toBe(200);
    expect(listed.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "key_4 active",
      "key_3 revoked",
      "key_2 expired",
      "key_1 active",
    ]);
    expect(JSON.stringify(body)).not.toContain("hhhh");
    expect((await call("GET", "/keys?kind=admin")).body).toMatchObject({ keys: [{ id: "key_4" }] });
    expect(((await call("GET", "/keys?project=a")).body as { keys: unknown[] }).keys).toHaveLength(3);
  });

  test("answers 400 to a filter it does not know", async () => {
    const { call } = setUp();
    expect((await call("GET", "/keys?kind=root")).body).toMatchObject({ error: { param: "kind" } });
    expect((await call("GET", "/keys?team=a")).status).toBe(400);
  });
});

describe("revoking a key", () => {
  test("answers 204, and it counts at once", async () => {
    const { call, keys, refreshes } = setUp();
    const { id } = (await call("POST", "/keys", { name: "x" })).body as Created;
    const answer = await call("DELETE", `/keys/${id}`);
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(keys[0]?.revokedAt).toBe(now);
    expect(refreshes).toHaveLength(2);
  });

  test("answers 404 where there is no such key", async () => {
    const { call } = setUp();
    expect(await call("DELETE", "/keys/key_none")).toMatchObject({
      status: 404,
      body: { error: { param: "id" } },
    });
  });
});

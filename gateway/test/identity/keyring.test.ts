import { describe, expect, onTestFinished, test } from "vitest";
import { randomToken } from "../../src/core/ids.ts";
import { createKey, type NewKey } from "../../src/identity/create-key.ts";
import { Keyring, type KeyringNews } from "../../src/identity/keyring.ts";
import type { RequestHeaders } from "../../src/identity/presented-key.ts";
import { faultOf } from "../fault-of.ts";
import { ManualClock } from "../manual-clock.ts";
import { KeyShelf } from "./key-shelf.ts";

const projectKey: NewKey = { kind: "project", project: "search", name: "web" };
const adminKey: NewKey = { kind: "admin", project: "default", name: "root" };

async function setUp(...wanted: NewKey[]) {
  const clock = new ManualClock();
  const shelf = new KeyShelf();
  const news: KeyringNews[] = [];
  const create = (key: NewKey) => createKey(shelf, key, { clock, random: randomToken });
  const created = [];
  for (const key of wanted) created.push(await create(key));
  const keyring = await Keyring.open({ keys: shelf, clock, onNews: (item) => news.push(item) });
  onTestFinished(() => keyring.close());
  return { clock, shelf, news, keyring, create, created, raw: created.map(({ key }) => key) };
}

const bearer = (key: string): RequestHeaders => ({ authorization: `Bearer ${key}` });

describe("identify", () => {
  test.each<[string, (key: string) => RequestHeaders]>([
    ["OpenAI's header", bearer],
    ["Bearer in any case", (key) => ({ authorization: `bEARER  ${key} ` })],
    ["Anthropic's header", (key) => ({ "x-api-key": key })],
    ["Azure's header", (key) => ({ "api-key": key })],
    [
      "a second header, beside somebody else's token",
      (key) => ({ authorization: "Bearer eyJ0", "x-api-key": key }),
    ],
  ])("finds the principal by %s", async (_title, headers) => {
    const { keyring, raw, created } = await setUp({ ...projectKey, allowedModels: ["openai/*"] });
    expect(keyring.identify(headers(raw[0] ?? ""))).toEqual({
      keyId: created[0]?.stored.id,
      project: "search",
      allowedModels: ["openai/*"],
    });
  });

  test("gives the same principal every time, for what is compiled beside it", async () => {
    const { keyring, raw } = await setUp(projectKey);
    const headers = bearer(raw[0] ?? "");
    expect(keyring.identify(headers)).toBe(keyring.identify(headers));
  });

  test.each<[string, RequestHeaders, string]>([
    ["no key", {}, "missing_key"],
    ["an empty key", { "x-api-key": "" }, "missing_key"],
    ["a password in place of a key", { authorization: "Basic dXNlcjpwdw==" }, "missing_key"],
    ["a vendor's key", bearer("sk-abc"), "invalid_key"],
    ["a key that nobody made", bearer(`ent-${"a".repeat(40)}`), "invalid_key"],
    ["a very long key", bearer(`ent-${"a".repeat(100_000)}`), "invalid_key"],
    ["two keys in one header", { "x-api-key": "ent-a, ent-b" }, "invalid_key"],
    ["a name on Object's prototype", { "x-api-key": "__proto__" }, "invalid_key"],
  ])("refuses %s", async (_title, headers, code) => {
    const { keyring } = await setUp(projectKey);
    expect(faultOf(() => keyring.identify(headers)).code).toBe(code);
  });

  test("no refusal shows the key", async () => {
    const { keyring } = await setUp(projectKey);
    const key = `ent-${"b".repeat(40)}`;
    const fault = faultOf(() => keyring.identify(bearer(key)));
    for (const text of [fault.message, fault.detail, fault.stack, JSON.stringify(fault)])
      expect(text ?? "").not.toContain(key);
  });

  test("a key ends at its expiry, to the millisecond", async () => {
    const now = new ManualClock().now();
    const { keyring, clock, raw } = await setUp({ ...projectKey, expiresAt: now + 1000 });
    await clock.advance(999);
    expect(keyring.identify(bearer(raw[0] ?? "")).project).toBe("search");
    await clock.advance(1);
    expect(faultOf(() => keyring.identify(bearer(raw[0] ?? ""))).code).toBe("expired_key");
  });

  test("an admin key calls no models", async () => {
    const { keyring, raw } = await setUp(adminKey);
    expect(faultOf(() => keyring.identify(bearer(raw[0] ?? ""))).code).toBe("wrong_key_kind");
  });
});

describe("identifyAdmin", () => {
  test.each([
    ["loopback", "127.0.0.1"],
    ["loopback", "127.8.9.10"],
    ["loopback", "::1"],
    ["loopback", "::ffff:127.0.0.1"],
    ["network", "203.0.113.7"],
  ] as const)("with access %s, lets an admin key in from %s", async (access, address) => {
    const { keyring, raw, created } = await setUp(adminKey);
    expect(keyring.identifyAdmin(bearer(raw[0] ?? ""), address, access).keyId).toBe(created[0]?.stored.id);
  });

  test.each([
    ["loopback", "203.0.113.7"],
    ["loopback", "127.0.0.1.example"],
    ["loopback", "::ffff:203.0.113.7"],
    ["loopback", undefined],
    ["off", "127.0.0.1"],
  ] as const)("with access %s, does not answer %s, whatever the key", async (access, address) => {
    const { keyring, raw } = await setUp(adminKey);
    expect(faultOf(() => keyring.identifyAdmin(bearer(raw[0] ?? ""), address, access)).code).toBe(
      "not_found",
    );
  });

  test("a key is needed on this machine too, and a project key is the wrong one", async () => {
    const { keyring, raw } = await setUp(projectKey);
    expect(faultOf(() => keyring.identifyAdmin({}, "::1", "loopback")).code).toBe("missing_key");
    const headers = bearer(raw[0] ?? "");
    expect(faultOf(() => keyring.identifyAdmin(headers, "::1", "loopback")).code).toBe("wrong_key_kind");
  });
});

describe("changes in the store", () => {
  test("a revocation by another process counts within a second", async () => {
    const { keyring, clock, shelf, raw, created } = await setUp(projectKey);
    await shelf.revoke(created[0]?.stored.id ?? "", clock.now());
    await clock.advance(1000);
    expect(faultOf(() => keyring.identify(bearer(raw[0] ?? ""))).code).toBe("revoked_key");
  });

  test("a key made by another process is known within a second", async () => {
    const { keyring, clock, create } = await setUp();
    const { key } = await create(projectKey);
    expect(faultOf(() => keyring.identify(bearer(key))).code).toBe("invalid_key");
    await clock.advance(1000);
    expect(keyring.identify(bearer(key)).project).toBe("search");
  });

  test("refresh makes a change count at once", async () => {
    const { keyring, create } = await setUp();
    const { key } = await create(projectKey);
    await keyring.refresh();
    expect(keyring.identify(bearer(key)).project).toBe("search");
  });

  test("keys are listed only when something has changed", async () => {
    const { clock, shelf } = await setUp(projectKey);
    await clock.advance(10_000);
    expect(shelf.lists).toBe(1);
    expect(shelf.revisions).toBeGreaterThanOrEqual(20);
  });

  test("nothing is asked after closing", async () => {
    const { keyring, clock, shelf } = await setUp(projectKey);
    keyring.close();
    await clock.advance(10_000);
    expect(shelf.revisions).toBe(1);
  });
});

describe("a store that does not answer", () => {
  test("known keys are served; it is news after five seconds, then every five, and when it is over", async () => {
    const { keyring, clock, shelf, raw, news } = await setUp(projectKey);
    shelf.mood = "fails";
    await clock.advance(4500);
    expect(news).toEqual([]);
    await clock.advance(8500);
    expect(news).toEqual([
      { kind: "stale", milliseconds: 5000, error: new Error("the disk is gone") },
      { kind: "stale", milliseconds: 10_000, error: new Error("the disk is gone") },
    ]);
    expect(keyring.identify(bearer(raw[0] ?? "")).project).toBe("search");
    shelf.mood = "answers";
    await clock.advance(500);
    expect(news.at(-1)).toEqual({ kind: "fresh" });
    expect(news).toHaveLength(3);
  });

  test("one that hangs is asked once, not more and more", async () => {
    const { keyring, clock, shelf, raw, news } = await setUp(projectKey);
    shelf.mood = "hangs";
    await clock.advance(60_000);
    expect(shelf.revisions).toBe(2);
    expect(news[0]).toMatchObject({ kind: "stale" });
    expect(keyring.identify(bearer(raw[0] ?? "")).project).toBe("search");
  });

  test("refresh gives up on one that hangs", async () => {
    const { keyring, clock, shelf } = await setUp(projectKey);
    shelf.mood = "hangs";
    const refreshed = expect(keyring.refresh()).rejects.toThrow("the store does not answer");
    await clock.advance(5000);
    await refreshed;
  });

  test("one that fails at the start is an error", async () => {
    const shelf = new KeyShelf();
    shelf.mood = "fails";
    const opening = Keyring.open({ keys: shelf, clock: new ManualClock(), onNews: () => {} });
    await expect(opening).rejects.toThrow("the disk is gone");
  });
});

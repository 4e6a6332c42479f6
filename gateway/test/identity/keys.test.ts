import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { randomToken } from "../../src/core/ids.ts";
import { createKey } from "../../src/identity/create-key.ts";
import { createFirstKeys } from "../../src/identity/first-keys.ts";
import { generateKey, hashKey, isKeyShaped, keyHint } from "../../src/identity/key-format.ts";
import { presentedKey } from "../../src/identity/presented-key.ts";
import { ManualClock } from "../manual-clock.ts";
import { KeyShelf } from "./key-shelf.ts";

const sources = { clock: new ManualClock(), random: randomToken };

test("keys are a prefix and 40 letters and digits, and no two are alike", () => {
  const keys = Array.from({ length: 1000 }, () => generateKey("project", randomToken));
  for (const key of keys) expect(key).toMatch(/^ent-[0-9A-Za-z]{40}$/);
  expect(new Set(keys).size).toBe(1000);
  expect(generateKey("admin", randomToken)).toMatch(/^ent-admin-[0-9A-Za-z]{40}$/);
});

test("only what is written like a key is taken for one", () => {
  expect(isKeyShaped(generateKey("project", randomToken))).toBe(true);
  expect(isKeyShaped(generateKey("admin", randomToken))).toBe(true);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isKeyShaped(text)).toBe(false);
      expect(isKeyShaped(`ent-${text}\n`)).toBe(false);
    }),
  );
});

test("a stored key has the hash and a hint, and nothing else of the key", async () => {
  const shelf = new KeyShelf();
  const { key, stored } = await createKey(
    shelf,
    { kind: "project", project: "p", name: "n", allowedModels: ["a"], expiresAt: 9 },
    sources,
  );
  expect(await shelf.list()).toEqual([stored]);
  expect(stored).toEqual({
    id: expect.stringMatching(/^key_[0-9A-Za-z]{12}$/),
    hash: createHash("sha256").update(key).digest("hex"),
    kind: "project",
    project: "p",
    name: "n",
    hint: `${key.slice(0, 7)}...${key.slice(-4)}`,
    allowedModels: ["a"],
    createdAt: sources.clock.now(),
    expiresAt: 9,
  });
  expect(JSON.stringify(stored)).not.toContain(key.slice(7, -4));
});

test("the hint of an admin key shows its kind", () => {
  expect(keyHint(`ent-admin-${"x".repeat(36)}WXYZ`)).toBe("ent-admin-xxx...WXYZ");
});

test("an empty store gets a first key of each kind, once", async () => {
  const shelf = new KeyShelf();
  const first = await createFirstKeys(shelf, sources);
  const stored = await shelf.list();
  expect(stored.map(({ kind, project, hash }) => [kind, project, hash])).toEqual([
    ["project", "default", hashKey(first?.project ?? "")],
    ["admin", "default", hashKey(first?.admin ?? "")],
  ]);
  expect(await createFirstKeys(shelf, sources)).toBeUndefined();
  expect(await shelf.list()).toHaveLength(2);
});

test("a store whose keys are all revoked gets no new ones by itself", async () => {
  const shelf = new KeyShelf();
  const { stored } = await createKey(shelf, { kind: "project", project: "p", name: "n" }, sources);
  await shelf.revoke(stored.id, 1);
  expect(await createFirstKeys(shelf, sources)).toBeUndefined();
});

test("any headers give a key or none, never an error", () => {
  const value = fc.option(fc.oneof(fc.string(), fc.array(fc.string())), { nil: undefined });
  fc.assert(
    fc.property(fc.record({ authorization: value, "x-api-key": value, "api-key": value }), (headers) => {
      const key = presentedKey(headers);
      expect(key === undefined || key.length > 0).toBe(true);
    }),
  );
});

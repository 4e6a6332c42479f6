import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CreateKeyFlags, createKeyCommand } from "../../src/cli/create-key-command.ts";
import { listKeysCommand } from "../../src/cli/list-keys-command.ts";
import { revokeKeyCommand } from "../../src/cli/revoke-key-command.ts";
import { surroundingsWith } from "../config/config-folder.ts";
import { FakeTerminal } from "./fake-terminal.ts";

/** An installation of its own, with its data in the folder `data` beside entente.yaml. */
function install() {
  const surroundings = surroundingsWith("data: data\n");
  async function run(
    action: (terminal: FakeTerminal) => Promise<void>,
    columns?: number,
  ): Promise<FakeTerminal> {
    const terminal = new FakeTerminal(columns);
    await action(terminal);
    return terminal;
  }
  return {
    dataFolder: join(surroundings.workingFolder, "data"),
    create: (flags: CreateKeyFlags = {}) =>
      run((terminal) => createKeyCommand(flags, surroundings, terminal)),
    list: (flags: { json?: true } = {}, columns?: number) =>
      run((terminal) => listKeysCommand(flags, surroundings, terminal), columns),
    revoke: (id: string, flags: { json?: true } = {}) =>
      run((terminal) => revokeKeyCommand(id, flags, surroundings, terminal)),
  };
}

test("a key is made, listed without itself, and revoked by its id", async () => {
  const { create, list, revoke } = install();
  const created = await create({ name: "web", project: "search", models: "openai/*, fast", expires: "30d" });
  const key = created.output.trimEnd();
  expect(key).toMatch(/^ent-[0-9A-Za-z]{40}$/);
  expect(created.notes).toMatch(
    /^Key 'web' \(key_\w+\) for project search, until 20\d\d-.* UTC\. It is shown only this once:\n$/,
  );

  const listed = await list({ json: true });
  const [entry] = listed.json as { id: string }[];
  expect(listed.output).not.toContain(key);
  expect(entry).toMatchObject({
    name: "web",
    project: "search",
    kind: "project",
    allowedModels: ["openai/*", "fast"],
    state: expect.stringMatching(/^until /),
    revokedAt: null,
  });

  const revoked = await revoke(entry?.id ?? "");
  expect(revoked.notes).toBe(`Key 'web' (${entry?.id}, ${key.slice(0, 7)}...${key.slice(-4)}) is revoked.\n`);
  expect((await list({ json: true })).json).toMatchObject([{ state: "revoked" }]);
});

test("a leaked key can be revoked by itself", async () => {
  const { create, revoke } = install();
  const key = (await create()).output.trimEnd();
  const revoked = await revoke(key, { json: true });
  expect(revoked.json).toMatchObject({ state: "revoked", name: "project key", project: "default" });
  expect(revoked.output).not.toContain(key);
});

test("an admin key is made, as JSON too", async () => {
  const { create } = install();
  expect((await create({ admin: true, json: true })).json).toMatchObject({
    key: expect.stringMatching(/^ent-admin-[0-9A-Za-z]{40}$/),
    kind: "admin",
    state: "active",
    expiresAt: null,
  });
});

test("the list fits the terminal", async () => {
  const { create, list } = install();
  await create({
    name: "n".repeat(100),
    models: Array.from({ length: 30 }, (_, index) => `m${index}`).join(","),
  });
  const lines = (await list({}, 100)).output.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^id +name +project +kind +key +state +created +models$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

test("an empty list says what to do", async () => {
  const { list } = install();
  expect((await list()).notes).toBe("There are no keys yet. `entente keys create` makes one.\n");
  expect((await list({ json: true })).json).toEqual([]);
});

describe("refused", () => {
  test.each<[string, CreateKeyFlags, string]>([
    ["an expiry in the past", { expires: "2020-01-01" }, "--expires: expected a date"],
    ["an expiry of no known form", { expires: "soon" }, "--expires: expected a date"],
    ["a bare number as an expiry", { expires: "30" }, "--expires: expected a date"],
    ["a pattern that would never match", { models: "gpt-*" }, "--models: expected names or prefixes"],
    ["models for an admin key", { admin: true, models: "a" }, "--models: an admin key"],
    ["a name with a line break", { name: "a\nb" }, "--name: expected 1 to 100 printable"],
    ["an empty project", { project: "" }, "--project: expected 1 to 100 printable"],
  ])("%s, before any store is made", async (_title, flags, message) => {
    const { create, dataFolder } = install();
    await expect(create(flags)).rejects.toThrow(message);
    expect(existsSync(dataFolder)).toBe(false);
  });

  test("a revocation of no known key", async () => {
    await expect(install().revoke("key_nope")).rejects.toThrow("There is no such key.");
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../config/config-folder.ts";

const launcher = fileURLToPath(new URL("../../bin/entente.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs the real command in a folder, with no environment of ours. */
function entente(folder: string, ...words: string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const environment = { HOME: folder, PATH: process.env["PATH"] };
  const child = execFile(
    process.execPath,
    [launcher, ...words],
    { cwd: folder, env: environment },
    (_error, out, errors) => resolve({ code: child.exitCode, out, errors }),
  );
  return promise;
}

test("help is no mistake, an unknown flag is", async () => {
  const folder = temporaryFolder();
  const [help, unknown] = await Promise.all([entente(folder, "--help"), entente(folder, "--hepl")]);
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining("Usage: entente"), errors: "" });
  expect(unknown).toMatchObject({ code: 2, out: "", errors: expect.stringContaining("--hepl") });
});

test("a wrong file is said in one line, with code 2", async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, "entente.yaml"), "listen:\n  prot: 1\n");
  expect(await entente(folder, "config", "check")).toEqual({
    code: 2,
    out: "",
    errors: `${join(folder, "entente.yaml")}:2:3: listen.prot: unknown key 'prot'; did you mean 'port'?\n`,
  });
});

test("a key made by one process is seen by the next; only the key goes to standard output", async () => {
  const folder = temporaryFolder();
  const created = await entente(folder, "keys", "create", "--name", "web");
  expect(created).toMatchObject({ code: 0, out: expect.stringMatching(/^ent-[0-9A-Za-z]{40}\n$/) });
  const listed = await entente(folder, "keys", "list", "--json");
  expect(JSON.parse(listed.out)).toMatchObject([{ name: "web", state: "active" }]);
  await rm(join(folder, ".local"), { recursive: true });
});

test("a reader that leaves before the end is no mistake", async () => {
  const child = spawn(process.execPath, [launcher, "--help"], { cwd: temporaryFolder(), env: {} });
  child.stdout.destroy();
  const ended = once(child, "close");
  expect(await text(child.stderr)).toBe("");
  expect(await ended).toEqual([0, null]);
});

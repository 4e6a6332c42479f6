import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { exitCodes, reportFailure, UsageError } from "../../src/cli/exit-code.ts";
import { buildProgram } from "../../src/cli/program.ts";
import type { StartFlags } from "../../src/cli/start-command.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { surroundingsWith } from "../config/config-folder.ts";
import { FakeTerminal } from "./fake-terminal.ts";

async function run(...words: string[]) {
  const terminal = new FakeTerminal();
  const started: StartFlags[] = [];
  const program = buildProgram(terminal, surroundingsWith(undefined), async (flags) => {
    started.push(flags);
  });
  const error: unknown = await program.parseAsync(words, { from: "user" }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { terminal, started, error };
}

describe("start", () => {
  test("is what happens without a command, with nothing overridden", async () => {
    expect((await run()).started).toEqual([{}]);
    expect((await run("start")).started).toEqual([{}]);
  });

  test("takes its flags, named or not", async () => {
    const flags = ["--port", "0", "--host", "::1", "--data", "d", "--config", "c.yaml", "--no-sim"];
    const expected = [{ port: 0, host: "::1", data: "d", config: "c.yaml", sim: false }];
    expect((await run(...flags)).started).toEqual(expected);
    expect((await run("start", ...flags)).started).toEqual(expected);
  });

  test.each(["x", "-1", "65536", "1e3", "80.5"])("refuses --port %s", async (port) => {
    const { started, error, terminal } = await run("--port", port);
    expect(started).toEqual([]);
    expect(error).toBeInstanceOf(CommanderError);
    expect(terminal.notes).toContain("from 0 to 65535");
  });
});

test("an unknown command is told with the nearest one, and starts nothing", async () => {
  const { started, error } = await run("kyes");
  expect(started).toEqual([]);
  expect(error).toEqual(new UsageError("unknown command 'kyes'; did you mean 'keys'?"));
});

test.each([["--verison"], ["start", "--prot", "1"], ["usage", "--by", "week"], ["keys", "revoke"]])(
  "`%s %s %s` is refused",
  async (...words) => {
    const { error } = await run(...words);
    expect(error).toBeInstanceOf(CommanderError);
  },
);

test.each([
  [["--help"]],
  [["start", "--help"]],
  [["keys", "--help"]],
  [["keys", "create", "--help"]],
  [["usage", "--help"]],
  [["config", "--help"]],
])("%j fits a screen of 80 by 24", async (words) => {
  const { terminal } = await run(...words);
  const lines = terminal.output.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.length).toBeLessThanOrEqual(24);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test("--version is the package's", async () => {
  expect((await run("--version")).terminal.output).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("config schema prints a JSON Schema", async () => {
  expect((await run("config", "schema")).terminal.json).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: { listen: { type: "object" } },
  });
});

describe("what went wrong becomes", () => {
  test.each([
    ["a wrong config", new ConfigError([{ path: "sim", message: "no" }]), "sim: no\n", exitCodes.wrongUsage],
    ["a wrong command line", new UsageError("no such key"), "no such key\n", exitCodes.wrongUsage],
  ])("%s: one line, and its code", (_title, error, notes, code) => {
    const terminal = new FakeTerminal();
    expect(reportFailure(error, terminal)).toBe(code);
    expect(terminal.notes).toBe(notes);
  });

  test("a mistake of ours: the stack, and code 1", () => {
    const terminal = new FakeTerminal();
    expect(reportFailure(new TypeError("oops"), terminal)).toBe(exitCodes.failed);
    expect(terminal.notes).toMatch(/^TypeError: oops\n +at /);
    expect(reportFailure("thrown text", new FakeTerminal())).toBe(exitCodes.failed);
  });

  test("a data folder that cannot be one: a sentence, and code 1", async () => {
    const folder = surroundingsWith(undefined).workingFolder;
    mkdirSync(join(folder, "data"));
    writeFileSync(
      join(folder, "data", "entente.db"),
      "this is no database, although it is long enough to be one",
    );
    const { error } = await run("keys", "list", "--data", join(folder, "data"));
    const terminal = new FakeTerminal();
    expect(reportFailure(error, terminal)).toBe(exitCodes.failed);
    expect(terminal.notes).not.toMatch(/\n +at /);
  });
});

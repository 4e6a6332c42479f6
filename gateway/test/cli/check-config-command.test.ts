import { describe, expect, test } from "vitest";
import { type CheckConfigFlags, checkConfigCommand } from "../../src/cli/check-config-command.ts";
import type { Environment } from "../../src/config/interpolate.ts";
import { surroundingsWith } from "../config/config-folder.ts";
import { fakeCatalogue } from "../config/fake-catalogue.ts";
import { FakeTerminal } from "./fake-terminal.ts";

async function check(yaml: string | undefined, flags: CheckConfigFlags = {}, environment: Environment = {}) {
  const terminal = new FakeTerminal();
  const error: unknown = await checkConfigCommand(
    flags,
    surroundingsWith(yaml, environment),
    terminal,
    async () => ({
      discovered: [{ id: "sim", kind: "sim", models: ["echo"] }],
      engineIds: new Set<string>(),
      catalogue: fakeCatalogue,
      withVendorAddress: (settings) => settings,
    }),
  ).catch((error: unknown) => error);
  return { terminal, error };
}

const yaml = `providers: {openai: {kind: openai, apiKey: "\${KEY}"}}
routes: {fast: [openai/gpt-4o-mini]}
`;

describe("a valid file", () => {
  test("is summed up, with what is refused for want of a price", async () => {
    const { terminal, error } = await check(yaml, {}, { KEY: "very-secret" });
    expect(error).toBeUndefined();
    expect(terminal.output).toMatch(
      /^\/.*entente\.yaml is valid\.\nProviders:\n {2}openai: 3 channels\n {2}sim: 1 channel\nRoutes: fast\nRefused for want of a price: openai\/gpt-new\n$/,
    );
  });

  test("is shown as JSON without its keys", async () => {
    const { terminal } = await check(yaml, { json: true }, { KEY: "very-secret" });
    expect(terminal.output).not.toContain("very-secret");
    expect(terminal.json).toMatchObject({
      config: { providers: { openai: { apiKey: "(hidden)" } } },
      providers: [{ id: "openai", kind: "openai" }, { id: "sim" }],
      routes: ["fast"],
      unpriced: ["openai/gpt-new"],
    });
  });
});

test("no file is valid too", async () => {
  const { terminal } = await check(undefined);
  expect(terminal.output).toBe(
    "There is no entente.yaml; the defaults hold.\nProviders:\n  sim: 1 channel\n",
  );
});

test("a wrong file fails with its problems, on JSON's side too", async () => {
  const { terminal, error } = await check("routes: {fast: [openai/gpt-4]}\n", { json: true });
  expect(String(error)).toContain("routes.fast: step 1: there is no channel 'openai/gpt-4'");
  expect(terminal.json).toMatchObject({
    file: expect.stringContaining("entente.yaml"),
    problems: [{ path: "routes.fast", position: { line: 1 } }],
  });
});

import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/catalogue.ts";
import { type OpenGateway, openGateway } from "../end-to-end/open-gateway.ts";
import { blocksIn, blocksOf } from "./page.ts";

const execute = promisify(execFile);
const address = "http://127.0.0.1:8080";
const packages = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** What the scripts with these words print. */
const promises: ReadonlyMap<string, RegExp> = new Map([
  ["previous_response_id", /\n3 items were sent\n$/],
  ["background: true", /^completed \S/],
  ["responses.create", /^Hello\n\S/],
  ["chat.completions", /^Hello\n/],
  ["@anthropic-ai/sdk", /^Hello\n$/],
]);

const curls = blocksIn("sh").filter(({ text }) => /^curl /m.test(text));
const scripts = blocksIn("ts");
const hasCurl = await execute("curl", ["--version"]).then(
  () => true,
  () => false,
);

describe(hasCurl ? "an example" : "an example (but those for curl, which is not on this machine)", () => {
  let gateway: OpenGateway;
  beforeAll(async () => {
    gateway = await openGateway({
      config: `
providers:
  shop: {kind: sim, price: {input: 2.50, output: 10}}
routes:
  anthropic/claude-sonnet-5: [sim/text]
`,
    });
    mkdirSync(join(gateway.folder, "examples"));
    symlinkSync(packages, join(gateway.folder, "examples", "node_modules"), "junction");
    // An error's status fails the command.
    writeFileSync(join(gateway.folder, ".curlrc"), "silent\nshow-error\nfail-with-body\nmax-time = 10\n");
  });
  afterAll(() => gateway.stop());

  /** Runs it as it stands on the page, with this gateway's address. */
  async function run(command: string, flags: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const env = {
      ...process.env,
      CURL_HOME: gateway.folder,
      ENTENTE_API_KEY: gateway.key,
      ENTENTE_KEY: gateway.key,
      ENTENTE_ADMIN_KEY: gateway.adminKey,
      ...more,
    };
    const { stdout } = await execute(command, flags, { env, timeout: 20_000 });
    return stdout;
  }

  async function runScript(text: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const file = join(gateway.folder, "examples", "example.ts");
    writeFileSync(file, text.replaceAll(address, gateway.url));
    return run(process.execPath, [file], more);
  }

  test.each((hasCurl ? curls : []).map(({ place, text }) => [place, text]))(
    "%s has an answer for curl",
    async (_place, text) => {
      const answer = await run("sh", ["-ec", text.replaceAll(address, gateway.url)]);
      expect(answer).not.toContain('"error":{');
      expect(answer).toMatch(/^(?:HTTP|\{|data: |event: |# HELP)/);
    },
  );

  test.each(scripts.map(({ place, text }) => [place, text]))(
    "%s runs and says what it should",
    async (place, text) => {
      expect(text).toContain(address);
      const promised = [...promises].find(([words]) => text.includes(words))?.[1] ?? /\S/;
      expect(await runScript(text), place).toMatch(promised);
    },
  );

  test("Claude Code's variables lead the Anthropic SDK here", async () => {
    const variables = blocksOf("sdk.md").find(({ text }) => text.includes("ANTHROPIC_BASE_URL"))?.text ?? "";
    const pairs = [...variables.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value.replace(address, gateway.url).replace("$ENTENTE_API_KEY", gateway.key),
    ]);
    const environment = Object.fromEntries(pairs) as Record<string, string>;
    const answer = await runScript(
      `import Anthropic from "@anthropic-ai/sdk";
const messages = [{ role: "user" as const, content: "Hello" }];
const model = process.env.ANTHROPIC_MODEL ?? "";
console.log((await new Anthropic().messages.create({ model, max_tokens: 100, messages })).type);`,
      environment,
    );
    expect(answer).toBe("message\n");
    for (const name of ["ANTHROPIC_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL"]) {
      const [maker = "", model = ""] = (environment[name] ?? "").split("/");
      expect(openCatalogue().channel(maker, model), name).toBeDefined();
    }
  });
});

// The Python packages are not installed here: their examples are only held to the address, key and models of the others.
test("the Python examples use the addresses and models of the TypeScript ones", () => {
  const facts = (language: string) =>
    blocksOf("sdk.md")
      .filter((block) => block.language === language)
      .map(({ text }) => ({
        address: /http:\/\/[^"]+/.exec(text)?.[0],
        key: /ENTENTE_\w+/.exec(text)?.[0],
        models: [...text.matchAll(/sim\/\w+/g)].map(([model]) => model),
      }));
  expect(facts("python")).toEqual(facts("ts"));
  expect(facts("python")).toHaveLength(2);
});

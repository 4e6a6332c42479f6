import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import { FakeTerminal } from "../cli/fake-terminal.ts";
import { type OpenGateway, openGateway } from "../end-to-end/open-gateway.ts";
import { blocksIn } from "./page.ts";

/** The words of a command without variables. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

const blocks = blocksIn("sh").filter(({ text }) => /^entente /m.test(text));

describe("commands, on the folder of a running gateway", () => {
  let gateway: OpenGateway;
  let keyId = "";
  const started: unknown[] = [];
  beforeAll(async () => {
    gateway = await openGateway();
    const { output } = await run("entente keys create --json");
    keyId = (JSON.parse(output) as { readonly id: string }).id;
  });
  afterAll(() => gateway.stop());

  async function run(command: string): Promise<FakeTerminal> {
    const [name, ...words] = wordsOf(command);
    expect(name).toBe("entente");
    const terminal = new FakeTerminal();
    const environment = { ENTENTE_DATA: join(gateway.folder, "data") };
    const surroundings = { environment, workingFolder: gateway.folder, homeFolder: gateway.folder };
    const program = buildProgram(terminal, surroundings, async (flags) => {
      started.push(flags);
    });
    // Ids on the pages are made up.
    const given = words.map((word) => (word.startsWith("key_") ? keyId : word));
    await program.parseAsync(given, { from: "user" });
    return terminal;
  }

  test.each(blocks.map(({ place, text }) => [place, text]))("%s", async (_place, text) => {
    for (const line of text.trim().split("\n")) {
      // One command at a time, as whoever reads the page types them.
      // oxlint-disable-next-line no-await-in-loop
      const terminal = await run(line);
      if (!line.startsWith("entente start")) expect(terminal.output + terminal.notes, line).not.toBe("");
    }
  });

  test("the pages show how to start it", () => {
    expect(started.length).toBeGreaterThan(0);
  });
});

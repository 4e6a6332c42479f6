import { Command, InvalidArgumentError, Option } from "commander";
import type { Surroundings } from "../config/config-paths.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import { packageVersion } from "../main/version.ts";
import type { CheckConfigFlags } from "./check-config-command.ts";
import type { CreateKeyFlags } from "./create-key-command.ts";
import { UsageError } from "./exit-code.ts";
import type { ListKeysFlags } from "./list-keys-command.ts";
import type { RevokeKeyFlags } from "./revoke-key-command.ts";
import type { StartFlags } from "./start-command.ts";
import type { Terminal } from "./terminal.ts";
import type { UsageFlags } from "./usage-command.ts";

const epilogue = `
Exit codes: 0 done, 1 failed, 2 wrong command line or configuration.
Settings: entente.yaml; docs/config.md and \`entente config schema\` list them.`;

/**
 * The command line. Each command's code is loaded when it is run, so that none waits for another's.
 * @param start Runs the gateway until it is told to stop.
 */
export function buildProgram(
  terminal: Terminal,
  surroundings: Surroundings,
  start: (flags: StartFlags) => Promise<void>,
): Command {
  const program = new Command("entente")
    .description("One endpoint in front of every model vendor.")
    .version(packageVersion())
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.note(text),
    })
    .exitOverride()
    .helpCommand(false)
    .addHelpText("after", epilogue);

  program
    .command("start", { isDefault: true })
    .description("run the gateway (the default)")
    .addOption(configOption())
    .option("--host <address>", "address to listen on (ENTENTE_HOST)")
    .option("--port <number>", "port to listen on (ENTENTE_PORT)", readPort)
    .addOption(dataOption())
    .option("--no-sim", "without the simulator")
    // `entente kyes` arrives here, as an argument of the default command.
    .argument("[command]")
    .allowExcessArguments()
    .action(async (command: string | undefined, flags: StartFlags) => {
      if (command !== undefined) {
        const known = program.commands.map((each) => each.name());
        throw new UsageError(`unknown command '${command}'${didYouMean(command, known)}`);
      }
      const { sim, ...others } = flags;
      // `--no-sim` makes commander say true where the flag is absent; absent means what the file says.
      await start(sim === false ? { ...others, sim } : others);
    });

  const config = program.command("config").description("check entente.yaml, or describe it to an editor");
  config
    .command("check")
    .description("say what is wrong with entente.yaml, and what it offers where nothing is")
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (flags: CheckConfigFlags) => {
      const { checkConfigCommand } = await import("./check-config-command.ts");
      await checkConfigCommand(flags, surroundings, terminal, async (config) => {
        const { gatherSources } = await import("./gather-sources.ts");
        return gatherSources(config, surroundings.environment);
      });
    });
  config
    .command("schema")
    .description("print the JSON Schema of entente.yaml")
    .action(async () => {
      const { schemaCommand } = await import("./schema-command.ts");
      schemaCommand(terminal);
    });

  const keys = program.command("keys").description("create, list and revoke keys");
  keys
    .command("create")
    .description("make a key; it is shown once")
    .option("--name <name>", "what it is for")
    .option("--project <project>", "whose calls it makes (default: default)")
    .option("--admin", "a key for the control API in place of models")
    .option("--models <list>", "names or prefix/* that it may ask for, with commas between (default: all)")
    .option("--expires <when>", "a date, or a duration such as 30d (default: never)")
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (flags: CreateKeyFlags) => {
      const { createKeyCommand } = await import("./create-key-command.ts");
      await createKeyCommand(flags, surroundings, terminal);
    });
  keys
    .command("list")
    .description("show all keys, never the keys themselves")
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (flags: ListKeysFlags) => {
      const { listKeysCommand } = await import("./list-keys-command.ts");
      await listKeysCommand(flags, surroundings, terminal);
    });
  keys
    .command("revoke")
    .description("end a key; a running gateway refuses it within a second")
    .argument("<id>", "its id, or the key itself")
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (id: string, flags: RevokeKeyFlags) => {
      const { revokeKeyCommand } = await import("./revoke-key-command.ts");
      await revokeKeyCommand(id, flags, surroundings, terminal);
    });

  program
    .command("usage")
    .description("calls, tokens and cost")
    .addOption(
      new Option("--by <group>", "a line for each")
        .choices(["day", "model", "key", "project", "channel"])
        .default("day"),
    )
    .option("--from <when>", "calls since a date, or for a duration such as 7d")
    .option("--until <when>", "calls before a date, or until so long ago")
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (flags: UsageFlags) => {
      const { usageCommand } = await import("./usage-command.ts");
      await usageCommand(flags, surroundings, terminal);
    });
  return program;
}

function configOption(): Option {
  return new Option("--config <file>", "configuration file (ENTENTE_CONFIG)");
}

function dataOption(): Option {
  return new Option("--data <folder>", "folder for keys and ledger (ENTENTE_DATA)");
}

function jsonOption(): Option {
  return new Option("--json", "print JSON");
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
}

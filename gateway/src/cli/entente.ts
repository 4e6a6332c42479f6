// The entry of the command `entente`.
import { CommanderError } from "commander";
import { processSurroundings } from "../config/config-paths.ts";
import { exitCodes, reportFailure } from "./exit-code.ts";
import { buildProgram } from "./program.ts";
import { type StartFlags, startCommand } from "./start-command.ts";
import { letReadersLeave, processTerminal } from "./terminal.ts";

async function start(flags: StartFlags): Promise<void> {
  const { startGateway } = await import("../main.ts");
  const code = await startCommand(flags, startGateway, process);
  // Stopped in good order: nothing that is still open is worth waiting for.
  process.exit(code);
}

letReadersLeave(process.stdout, process.stderr);
try {
  await buildProgram(processTerminal, processSurroundings(), start).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = reportFailure(error, processTerminal);
  // Commander has said what is wrong. Asking for help or the version is no mistake.
  else if (error.exitCode !== 0) process.exitCode = exitCodes.wrongUsage;
}

import type { Terminal } from "./terminal.ts";

/** What `entente` exits with. A second signal while stopping: 128 and the signal's number, as shells have it. */
export const exitCodes = { success: 0, failed: 1, wrongUsage: 2 } as const;

/** The command line asks for something that is not there or makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Says what went wrong; the code to exit with. Errors meant for the operator are one sentence, all others are ours. */
export function reportFailure(error: unknown, terminal: Terminal): number {
  const name = error instanceof Error ? error.name : "";
  if (error instanceof Error && ["ConfigError", "UsageError", "StoreError", "Fault"].includes(name)) {
    terminal.note(`${error.message}\n`);
    return name === "ConfigError" || name === "UsageError" ? exitCodes.wrongUsage : exitCodes.failed;
  }
  terminal.note(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}

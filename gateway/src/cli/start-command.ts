import { constants } from "node:os";
import { exitCodes } from "./exit-code.ts";

export interface StartFlags {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
  readonly sim?: boolean;
}

interface Gateway {
  stop(): Promise<void>;
}

/** The process as far as `start` needs it; injected by tests. */
export interface StartProcess {
  once(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

const stopSignals = ["SIGTERM", "SIGINT"] as const;

/**
 * `entente start`: runs until a signal, then stops in good order. Resolves with the exit code. A second signal ends
 * the process at once: whoever presses Ctrl-C twice means it.
 */
export async function startCommand(
  flags: StartFlags,
  startGateway: (flags: StartFlags) => Promise<Gateway>,
  process: StartProcess,
): Promise<number> {
  // Listened for from the beginning: a signal may come while the gateway starts.
  const asked = new Promise<void>((resolve) => {
    let stopping = false;
    const listen = (signal: NodeJS.Signals) =>
      process.once(signal, () => {
        if (stopping) process.exit(128 + constants.signals[signal]);
        stopping = true;
        listen(signal);
        resolve();
      });
    stopSignals.forEach(listen);
  });
  const gateway = await startGateway(flags);
  await asked;
  await gateway.stop();
  return exitCodes.success;
}

import { parentPort, workerData } from "node:worker_threads";
import { StoreError } from "../port.ts";
import type { FromWorker, Operation, Result, ToWorker } from "./operations.ts";

/** A database as a worker works it. */
export interface Engine {
  /** One result for each operation, in order. */
  run(round: readonly Operation[]): readonly Result[] | Promise<readonly Result[]>;
  close(): void;
}

// Primary result codes after which the same statement may succeed later: busy, locked, out of memory, read-only,
// input/output error, full, cannot open.
const passing = new Set([5, 6, 7, 8, 10, 13, 14]);

export function failure(error: unknown): Result & { readonly ok: false } {
  if (error instanceof StoreError) return { ok: false, reason: error.reason, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  return { ok: false, reason: passing.has(code) ? "unavailable" : "failed", message };
}

/** The life of a store's worker thread: opens the file it was given, then answers one round after the other. */
export function serve(open: (file: string) => Engine): void {
  const port = parentPort;
  if (port === null) throw new Error("This module runs as a worker thread.");
  const tell = (message: FromWorker) => port.postMessage(message);
  let engine: Engine;
  try {
    engine = open((workerData as { readonly file: string }).file);
  } catch (error) {
    tell({ refused: failure(error).message });
    port.close();
    return;
  }
  port.on("message", (message: ToWorker) => {
    if (message === "close") {
      engine.close();
      port.close();
      return;
    }
    Promise.resolve(engine.run(message.round)).then(
      (results) => tell({ results }),
      // Not to be gone on from: ends the thread, and the other side starts a new one.
      (error: unknown) =>
        setImmediate(() => {
          throw error;
        }),
    );
  });
  tell({ ready: true });
}

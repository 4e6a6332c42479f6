import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "../../core/clock.ts";
import { StoreError } from "../port.ts";
import type { FromWorker, Operation, Operations, Result, ToWorker } from "./operations.ts";

/** Rows, or kilobytes of text, that may wait for a worker; what comes after is refused as overloaded. */
const mostWaiting = 100_000;
/** The most of those in one transaction, so that no commit takes long. */
const mostInRound = 2_000;
const firstRestart = 100;
const lastRestart = 10_000;

interface Waiting {
  readonly operation: Operation;
  readonly weight: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: StoreError) => void;
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
const tell = (worker: Worker, message: ToWorker) => worker.postMessage(message);

/**
 * A thread does not share this one's compile cache, which saves two thirds of its start, unless its environment names it. Node adds a
 * folder of its version by itself. Nothing else of the environment, which may hold credentials, is handed on.
 */
function workerEnvironment(): Record<string, string> {
  const cache = getCompileCacheDir();
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) };
}

export interface WorkerLinkOptions {
  /** The worker's module beside this one, as `.ts`; published, it is the `.js` of the same name. */
  readonly entry: URL;
  readonly file: string;
  readonly clock: Clock;
  /** A sentence for the log when the worker ended on its own. */
  readonly onProblem: (message: string) => void;
}

/**
 * This thread's end of a store's worker thread. What is asked while a round is at work goes into the next round, which is
 * one transaction: the busier, the larger. A worker that ends on its own is started again after a pause; until it
 * is ready, all that was asked is rejected as unavailable.
 */
export class WorkerLink {
  readonly #options: WorkerLinkOptions;
  #worker: Worker | undefined;
  #state: "down" | "ready" | "closing" | "closed" = "down";
  #queue: Waiting[] = [];
  #queued = 0;
  #atWork: Waiting[] = [];
  #sending = false;
  #lastRoundFailed = false;
  #pause = firstRestart;
  #cancelRestart: (() => void) | undefined;
  #whenClosed: (() => void)[] = [];

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
  }

  get healthy(): boolean {
    return this.#state === "ready" && !this.#lastRoundFailed;
  }

  /** Resolves when the database is open. @throws StoreError with the reason it could not be. */
  start(): Promise<void> {
    const { entry, file } = this.#options;
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    const module = new URL(entry.href.replace(/\.ts$/, extension));
    return new Promise((resolve, reject) => {
      const worker = new Worker(module, { workerData: { file }, env: workerEnvironment(), execArgv: [] });
      let problem = "it ended";
      worker.on("error", (error: unknown) => {
        problem = error instanceof Error ? error.message : String(error);
      });
      worker.on("exit", () => {
        reject(new StoreError("unavailable", problem));
        if (this.#worker === worker) this.#ended(problem);
      });
      worker.on("message", (message: FromWorker) => {
        if ("results" in message) {
          this.#finish(message.results);
        } else if ("refused" in message) {
          problem = message.refused;
        } else {
          this.#ready(worker);
          resolve();
        }
      });
    });
  }

  #ready(worker: Worker): void {
    if (this.#state === "closed") {
      tell(worker, "close");
      return;
    }
    this.#worker = worker;
    this.#state = "ready";
    this.#pause = firstRestart;
  }

  /** `weight`: rows or kilobytes of text. */
  call<Name extends keyof Operations>(
    name: Name,
    input: Operations[Name]["input"],
    weight = 1,
  ): Promise<Operations[Name]["output"]> {
    if (this.#state === "closing" || this.#state === "closed") {
      return Promise.reject(new StoreError("closed", "The store is closed."));
    }
    if (this.#state === "down") {
      return Promise.reject(new StoreError("unavailable", "The store is starting again."));
    }
    if (this.#queued > 0 && this.#queued + weight > mostWaiting) {
      return Promise.reject(new StoreError("overloaded", "Too much is waiting for the store."));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ operation: { name, input } as Operation, weight, resolve, reject });
      this.#queued += weight;
      if (this.#sending) return;
      this.#sending = true;
      // What the caller asks in the same turn goes along.
      queueMicrotask(() => this.#send());
    });
  }

  close(): Promise<void> {
    this.#cancelRestart?.();
    if (this.#state === "closed" || this.#worker === undefined) {
      this.#state = "closed";
      return Promise.resolve();
    }
    this.#state = "closing";
    return new Promise((resolve) => {
      this.#whenClosed.push(resolve);
      if (!this.#sending) this.#send();
    });
  }

  #send(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    if (this.#queue.length === 0) {
      this.#sending = false;
      if (this.#state === "closing") tell(worker, "close");
      return;
    }
    let weight = 0;
    let size = 0;
    for (const waiting of this.#queue) {
      if (size > 0 && weight + waiting.weight > mostInRound) break;
      weight += waiting.weight;
      size += 1;
    }
    this.#sending = true;
    this.#atWork = this.#queue.splice(0, size);
    this.#queued -= weight;
    tell(worker, { round: this.#atWork.map(({ operation }) => operation) });
  }

  #finish(results: readonly Result[]): void {
    const finished = this.#atWork;
    this.#atWork = [];
    this.#lastRoundFailed = false;
    for (const [index, waiting] of finished.entries()) {
      const result = results[index];
      if (result?.ok === true) {
        waiting.resolve(result.value as never);
      } else {
        const { reason, message } = result ?? { reason: "failed", message: "The store gave no result." };
        if (reason === "unavailable") this.#lastRoundFailed = true;
        waiting.reject(new StoreError(reason, message));
      }
    }
    this.#send();
  }

  #ended(problem: string): void {
    const closing = this.#state === "closing";
    this.#worker = undefined;
    this.#state = closing ? "closed" : "down";
    const lost = [...this.#atWork, ...this.#queue];
    this.#atWork = [];
    this.#queue = [];
    this.#queued = 0;
    this.#sending = false;
    for (const { reject } of lost)
      reject(new StoreError("unavailable", `The store's worker ended: ${problem}`));
    for (const done of this.#whenClosed.splice(0)) done();
    if (closing) return;
    this.#options.onProblem(`The store's worker ended (${problem}); it is started again.`);
    this.#restart();
  }

  #restart(): void {
    this.#cancelRestart = this.#options.clock.after(this.#pause, () => {
      this.#pause = Math.min(this.#pause * 2, lastRestart);
      this.start().catch((error: unknown) => {
        if (this.#state !== "down") return;
        this.#options.onProblem(`The store could not be opened again: ${String(error)}`);
        this.#restart();
      });
    });
  }
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { processTree } from "./process-tree.ts";

/** What is measured has a core of its own, and the tools the other. Undefined where the machine cannot do that. */
export const cores: { readonly subject: number; readonly tools: number } | undefined =
  availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0
    ? { subject: 0, tools: 1 }
    : undefined;

export interface Plan {
  readonly command: readonly string[];
  /** File that takes its standard output and error. */
  readonly log: string;
  readonly core?: number;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const running = new Set<Child>();

/** A process that is always ended by its id, whichever way the bench ends. */
export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #log: string;
  readonly #ended: Promise<void>;

  constructor(process: ChildProcess, log: string) {
    if (process.pid === undefined) throw new Error(`${process.spawnfile} could not be started`);
    this.pid = process.pid;
    this.#process = process;
    this.#log = log;
    running.add(this);
    this.#ended = new Promise((resolve) => {
      process.once("exit", () => {
        running.delete(this);
        resolve();
      });
    });
  }

  get hasEnded(): boolean {
    return !running.has(this);
  }

  /** All it has printed so far. */
  output(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** The first match in what it prints. @throws Error with its last lines where it ends or the milliseconds pass. */
  async says(pattern: RegExp, deadline: number): Promise<RegExpExecArray> {
    const until = performance.now() + deadline;
    for (;;) {
      const ended = this.hasEnded;
      const match = pattern.exec(this.output());
      if (match !== null) return match;
      if (ended || performance.now() > until)
        throw new Error(this.#complaint(ended ? "ended" : "was too slow"));
      await delay(20);
    }
  }

  /** Resolves with its exit code. @throws Error where the milliseconds pass first. */
  async exit(deadline: number): Promise<number> {
    const expiry = new AbortController();
    const expired = delay(deadline, true, { signal: expiry.signal }).catch(() => false);
    const isLate = await Promise.race([this.#ended.then(() => false), expired]);
    expiry.abort();
    if (isLate) throw new Error(this.#complaint("did not end"));
    return this.#process.exitCode ?? 1;
  }

  /** Asks it to stop; after ten seconds kills it and its descendants. */
  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.#process.kill("SIGTERM");
    await this.exit(10_000).catch(() => this.kill());
  }

  kill(): void {
    if (this.hasEnded) return;
    for (const pid of processTree(this.pid)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself in the meantime.
      }
    }
  }

  #complaint(what: string): string {
    return `${this.#process.spawnargs.join(" ").slice(0, 200)} ${what}:\n${this.output().slice(-2000)}`;
  }
}

export function start({ command, log, core, directory, environment }: Plan): Child {
  const words = core === undefined ? command : ["taskset", "-c", String(core), ...command];
  const output = openSync(log, "w", 0o600);
  try {
    const child = spawn(words[0]!, words.slice(1), {
      stdio: ["ignore", output, output],
      ...(directory === undefined ? {} : { cwd: directory }),
      ...(environment === undefined ? {} : { env: environment }),
    });
    child.on("error", () => {}); // the missing pid says the same, at once
    return new Child(child, log);
  } finally {
    closeSync(output);
  }
}

export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => child.end()));
}

export function killAll(): void {
  for (const child of running) child.kill();
}

import { join } from "node:path";
import { type Child, cores, start } from "./child.ts";
import { type LoadResult, parseLoadResult } from "./load-result.ts";
import type { Subject } from "./subject.ts";

export interface LoadPlan {
  readonly connections: number;
  /** Timed part, in seconds; ignored with `once`. */
  readonly seconds?: number;
  readonly warmup?: number;
  /** Calls begun each second; absent: as soon as the one before has ended. */
  readonly rate?: number;
  /** Streamed calls. */
  readonly stream?: { readonly chunks: number; readonly intervalMicroseconds: number };
  /** One call on each connection. */
  readonly once?: boolean;
}

/** Words of the load tool's command line. */
export function loadWords(subject: Subject, plan: LoadPlan): string[] {
  const wishes: Record<string, string | number | undefined> = {
    port: subject.port,
    model: subject.model,
    header: subject.header,
    connections: plan.connections,
    seconds: plan.seconds,
    warmup: plan.warmup,
    rate: plan.rate,
    chunks: plan.stream?.chunks,
    "interval-us": plan.stream?.intervalMicroseconds,
    once: plan.once === true ? 1 : undefined,
  };
  const given = Object.entries(wishes).filter(([, value]) => value !== undefined);
  return ["load", ...given.flatMap(([name, value]) => [`--${name}`, String(value)])];
}

/** Runs loads one after another and keeps count of the calls that each subject was sent. */
export class LoadRunner {
  readonly calls = new Map<Subject["name"], number>();
  readonly #tool: string;
  readonly #directory: string;

  constructor(tool: string, directory: string) {
    this.#tool = tool;
    this.#directory = directory;
  }

  /** @param alongside runs beside the load and ends with it. */
  async run(
    subject: Subject,
    plan: LoadPlan,
    alongside?: (load: Child) => Promise<void>,
  ): Promise<LoadResult> {
    const load = start({
      command: [this.#tool, ...loadWords(subject, plan)],
      log: join(this.#directory, "load.log"),
      ...(cores === undefined ? {} : { core: cores.tools }),
    });
    await alongside?.(load);
    await load.exit(180_000);
    try {
      const result = parseLoadResult(load.output());
      this.calls.set(subject.name, (this.calls.get(subject.name) ?? 0) + result.calls);
      return result;
    } catch (error) {
      throw new Error(`${subject.name}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}

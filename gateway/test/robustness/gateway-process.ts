import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../bin/entente.js", import.meta.url));

/** Runs a command of the package; `environment` is all that it sees besides PATH. */
export function runEntente(parameters: readonly string[], folder: string): ChildProcess {
  return spawn(process.execPath, [launcher, ...parameters], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export type LogLine = Readonly<Record<string, unknown>>;

/** The command `entente start` in a process of its own. */
export class GatewayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly #read: () => string;

  constructor(child: ChildProcess, url: string, read: () => string) {
    this.child = child;
    this.url = url;
    this.#read = read;
  }

  /** Everything it printed and logged so far. */
  get output(): string {
    return this.#read();
  }

  /** The JSON lines of its log so far. */
  get log(): LogLine[] {
    const lines = this.output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** Resolves with the exit code, or with the signal's name. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | string> {
    const exited = once(this.child, "close") as Promise<[number | null, string | null]>;
    this.child.kill(signal);
    const [code, name] = await exited;
    return code ?? name ?? "";
  }
}

/** A folder that holds a configuration and, between starts, all that the gateway keeps. */
export class GatewayFolder {
  readonly path: string;
  readonly #running = new Set<GatewayProcess>();
  /** From the first start's greeting. */
  key = "";
  adminKey = "";

  private constructor(path: string) {
    this.path = path;
  }

  static async make(config: string): Promise<GatewayFolder> {
    const path = await mkdtemp(join(tmpdir(), "entente-process-"));
    const folder = new GatewayFolder(path);
    await folder.write(config);
    return folder;
  }

  get data(): string {
    return join(this.path, "data");
  }

  write(config: string): Promise<void> {
    return writeFile(join(this.path, "entente.yaml"), `discovery: {engines: false}\n${config}`);
  }

  /** Resolves when the gateway listens. */
  async start(): Promise<GatewayProcess> {
    const config = join(this.path, "entente.yaml");
    const child = runEntente(["start", "--config", config, "--data", this.data, "--port", "0"], this.path);
    let output = "";
    const url = await new Promise<string>((resolve, reject) => {
      const onOutput = (piece: Buffer) => {
        output += piece.toString();
        const found = /listens on (http:\S+)\n[^]*Config file/.exec(output)?.[1];
        if (found !== undefined && /curl/.test(output)) resolve(found);
      };
      child.stdout?.on("data", onOutput);
      child.stderr?.on("data", onOutput);
      child.on("close", () => reject(new Error(`the gateway did not start: ${output}`)));
    });
    this.key ||= /ent-[0-9A-Za-z]{40}/.exec(output)?.[0] ?? "";
    this.adminKey ||= /ent-admin-[0-9A-Za-z]{40}/.exec(output)?.[0] ?? "";
    const gateway = new GatewayProcess(child, url, () => output);
    this.#running.add(gateway);
    return gateway;
  }

  async remove(): Promise<void> {
    for (const gateway of this.#running) {
      if (gateway.child.exitCode === null && gateway.child.signalCode === null) await gateway.end("SIGKILL");
    }
    await rm(this.path, { recursive: true, force: true });
  }
}

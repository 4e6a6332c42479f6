import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { findConfigFile, type Surroundings, usualDataFolder } from "./config-paths.ts";
import { defaults } from "./defaults.ts";
import { interpolate } from "./interpolate.ts";
import type { Locate } from "./problem.ts";
import { readInteger } from "./read-values.ts";
import type { ConfigFile } from "./schema.ts";

/** What the command line says; each goes over the environment, which goes over the file. */
export interface ConfigFlags {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
  readonly sim?: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path of the file; undefined where there is none. */
  readonly file?: string;
  /** The file's text as it was read. */
  readonly text?: string;
  /** True where somebody asked for the port, so that another one would surprise. */
  readonly portChosen: boolean;
  /** Where in the file a value stands. */
  readonly locate: Locate;
}

interface FileContent {
  readonly settings: ConfigFile;
  readonly text?: string;
  readonly portChosen: boolean;
  readonly locate: Locate;
}

/**
 * Reads the config file, if there is one, and puts environment and flags over it. Without a file, neither the YAML
 * parser nor the schema is loaded.
 * @throws ConfigError with every problem of the file, or the one of a flag or environment variable.
 */
export async function loadConfig(flags: ConfigFlags, surroundings: Surroundings): Promise<LoadedConfig> {
  const file = findConfigFile(flags.config, surroundings);
  const content: FileContent =
    file === undefined
      ? { settings: defaults, portChosen: false, locate: () => undefined }
      : await readConfigFile(file, surroundings);
  const { settings } = content;
  const { environment } = surroundings;
  const host = flags.host ?? variable(environment["ENTENTE_HOST"]) ?? settings.listen.host;
  const port = flags.port ?? readPort(environment["ENTENTE_PORT"]);
  if (flags.port !== undefined && !isPort(flags.port)) throw notAPort("--port", flags.port);
  return {
    config: {
      ...settings,
      listen: { host, port: port ?? settings.listen.port },
      data: dataFolder(flags.data, settings.data, file, surroundings),
      sim: flags.sim ?? settings.sim,
    },
    ...(file === undefined ? {} : { file }),
    ...(content.text === undefined ? {} : { text: content.text }),
    portChosen: port !== undefined || content.portChosen,
    locate: content.locate,
  };
}

/**
 * Only where the data folder is, for commands that need nothing else: a provider's missing key does not stop them.
 * @throws ConfigError where the file is not YAML or its `data` cannot be filled in.
 */
export async function loadDataFolder(
  flags: { readonly config?: string; readonly data?: string },
  surroundings: Surroundings,
): Promise<string> {
  if (flags.data !== undefined || variable(surroundings.environment["ENTENTE_DATA"]) !== undefined)
    return dataFolder(flags.data, undefined, undefined, surroundings);
  const file = findConfigFile(flags.config, surroundings);
  if (file === undefined) return usualDataFolder(surroundings);
  const { parseYaml } = await import("./yaml-file.ts");
  const { value } = await parseYaml(await readText(file), file);
  const named = Object.entries(value as object).find(([key]) => key === "data")?.[1];
  const filled = interpolate(named, surroundings.environment);
  const [problem] = filled.problems;
  if (problem !== undefined) throw new ConfigError([{ path: "data", message: problem.message }], file);
  const folder = typeof filled.value === "string" ? filled.value : undefined;
  return dataFolder(undefined, folder, file, surroundings);
}

async function readConfigFile(file: string, surroundings: Surroundings): Promise<FileContent> {
  const [{ parseYaml }, { validate }, text] = await Promise.all([
    import("./yaml-file.ts"),
    import("./validate.ts"),
    readText(file),
  ]);
  const { value, locate } = await parseYaml(text, file);
  const settings = validate(interpolate(value, surroundings.environment), file, locate);
  return { settings, text, locate, portChosen: saysPort(value) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "error";
    throw new ConfigError([{ path: "", message: `the file cannot be read (${code})` }], file);
  }
}

function saysPort(value: unknown): boolean {
  const listen = (value as { readonly listen?: unknown }).listen;
  return typeof listen === "object" && listen !== null && Object.hasOwn(listen, "port");
}

function dataFolder(
  flag: string | undefined,
  setting: string | undefined,
  file: string | undefined,
  surroundings: Surroundings,
): string {
  const asked = flag ?? variable(surroundings.environment["ENTENTE_DATA"]);
  if (asked !== undefined) return resolve(surroundings.workingFolder, asked);
  if (setting === undefined) return usualDataFolder(surroundings);
  return resolve(file === undefined ? surroundings.workingFolder : dirname(file), setting);
}

/** An empty variable counts as not set. */
function variable(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = readInteger(text);
  if (port === undefined || !isPort(port)) throw notAPort("ENTENTE_PORT", text);
  return port;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function notAPort(path: string, value: unknown): ConfigError {
  return new ConfigError([
    { path, message: `expected a port from 0 to 65535; got ${JSON.stringify(value)}` },
  ]);
}

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import type { Environment } from "./interpolate.ts";

/** The process as far as the config depends on it; injected by tests. */
export interface Surroundings {
  readonly environment: Environment;
  /** Folder that relative paths start from. */
  readonly workingFolder: string;
  readonly homeFolder: string;
}

export function processSurroundings(): Surroundings {
  return { environment: process.env, workingFolder: process.cwd(), homeFolder: homedir() };
}

/** An XDG base folder; the specification says to ignore relative ones. */
function baseFolder({ environment, homeFolder }: Surroundings, variable: string, usual: string): string {
  const named = environment[variable];
  return named !== undefined && isAbsolute(named) ? named : join(homeFolder, usual);
}

/**
 * The config file: the one asked for by flag or ENTENTE_CONFIG, else the first of ./entente.yaml, ./entente.yml and
 * the same two in $XDG_CONFIG_HOME/entente; undefined where there is none.
 * @throws ConfigError where the one asked for does not exist.
 */
export function findConfigFile(asked: string | undefined, surroundings: Surroundings): string | undefined {
  const variable = surroundings.environment["ENTENTE_CONFIG"];
  const wanted = asked ?? (variable === "" ? undefined : variable);
  if (wanted !== undefined) {
    const file = resolve(surroundings.workingFolder, wanted);
    if (existsSync(file)) return file;
    const path = asked === undefined ? "ENTENTE_CONFIG" : "--config";
    throw new ConfigError([{ path, message: `there is no file ${file}` }]);
  }
  const shared = join(baseFolder(surroundings, "XDG_CONFIG_HOME", ".config"), "entente");
  return [surroundings.workingFolder, shared]
    .flatMap((folder) => [join(folder, "entente.yaml"), join(folder, "entente.yml")])
    .find((file) => existsSync(file));
}

export function usualDataFolder(surroundings: Surroundings): string {
  return join(baseFolder(surroundings, "XDG_DATA_HOME", join(".local", "share")), "entente");
}

import { type CompiledConfig, compileConfig, type Sources } from "../config/compile.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Surroundings } from "../config/config-paths.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { visibleConfig } from "../config/visible-config.ts";
import { type Terminal, writeJson } from "./terminal.ts";

export interface CheckConfigFlags {
  readonly config?: string;
  readonly json?: true;
}

/** Unpriced channels that are named one by one. */
const namedAtMost = 10;

/**
 * `entente config check`: what is wrong with the file, or what it offers on this machine.
 * @param gather What is known besides the file.
 * @throws ConfigError where the gateway would not start with it.
 */
export async function checkConfigCommand(
  flags: CheckConfigFlags,
  surroundings: Surroundings,
  terminal: Terminal,
  gather: (config: Config) => Promise<Sources>,
): Promise<void> {
  try {
    const loaded = await loadConfig(flags, surroundings);
    const compiled = compileConfig(loaded, await gather(loaded.config));
    if (flags.json === true) writeJson(terminal, describe(loaded, compiled));
    else terminal.out(summary(loaded, compiled));
  } catch (error) {
    if (flags.json === true && error instanceof ConfigError)
      writeJson(terminal, { file: error.file ?? null, problems: error.problems });
    throw error;
  }
}

function unpriced({ channels }: CompiledConfig): string[] {
  return channels.filter(({ price }) => price === undefined).map(({ id }) => id);
}

function summary({ file }: LoadedConfig, compiled: CompiledConfig): string {
  const { providers, channels, routes } = compiled;
  const head = file === undefined ? "There is no entente.yaml; the defaults hold." : `${file} is valid.`;
  const counts = providers.map(({ id }) => {
    const own = channels.filter(({ provider }) => provider === id).length;
    return `  ${id}: ${own} ${own === 1 ? "channel" : "channels"}`;
  });
  const names = routes.map(({ name }) => name);
  const missing = unpriced(compiled);
  const more = missing.length > namedAtMost ? `, and ${missing.length - namedAtMost} more` : "";
  return [
    head,
    ...(counts.length === 0 ? ["No providers."] : ["Providers:", ...counts]),
    ...(names.length === 0 ? [] : [`Routes: ${names.join(", ")}`]),
    ...(missing.length === 0
      ? []
      : [`Refused for want of a price: ${missing.slice(0, namedAtMost).join(", ")}${more}`]),
    "",
  ].join("\n");
}

function describe({ file, config }: LoadedConfig, compiled: CompiledConfig): Record<string, unknown> {
  return {
    file: file ?? null,
    config: visibleConfig(config),
    providers: compiled.providers.map(({ id, kind }) => ({ id, kind })),
    channels: compiled.channels.map(({ id, model, price }) => ({ id, model, priced: price !== undefined })),
    routes: compiled.routes.map(({ name }) => name),
    unpriced: unpriced(compiled),
  };
}

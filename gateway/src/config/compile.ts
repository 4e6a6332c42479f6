import type { Catalogue } from "../core/catalogue.ts";
import type { Channel } from "../core/channel.ts";
import type { ProviderSettings } from "../core/provider-settings.ts";
import type { Route } from "../core/route.ts";
import { compileChannels } from "./compile-channels.ts";
import { compileProviders } from "./compile-providers.ts";
import { compileRoutes } from "./compile-routes.ts";
import { ConfigError, type ConfigPath } from "./config-error.ts";
import type { LoadedConfig } from "./load-config.ts";
import { toProblem } from "./problem.ts";

/** What the gateway runs on. */
export interface CompiledConfig {
  readonly providers: readonly ProviderSettings[];
  /** Those of the file first, in its order; then what the catalogue and discovery know of each provider. */
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
}

/** What is known besides the configuration. */
export interface Sources {
  /**
   * Providers found in the environment and on this machine, and the simulator; `models` is what they said they have.
   * One with the id of a configured provider fills in what the file leaves open.
   */
  readonly discovered: readonly ProviderSettings[];
  /**
   * Ids under which engines on this machine are looked for. Naming one that is not there, now or yet, is no mistake:
   * its channels are left out until it is found.
   */
  readonly engineIds: ReadonlySet<string>;
  readonly catalogue: Catalogue;
  /** Fills in the public address of the settings' `vendor` where they have no `baseUrl`; unchanged where none is known. */
  readonly withVendorAddress: (settings: ProviderSettings, catalogue: Catalogue) => ProviderSettings;
}

/** Notes a problem with the value at `path`; compiling goes on, to find the others. */
export type Complain = (path: ConfigPath, message: string) => void;

/**
 * Joins the configuration with what was found and what is publicly known.
 * @throws ConfigError where names do not fit together.
 */
export function compileConfig(
  loaded: Pick<LoadedConfig, "config" | "file" | "locate">,
  sources: Sources,
): CompiledConfig {
  const { config } = loaded;
  const problems: { readonly path: ConfigPath; readonly message: string; readonly of: "value" }[] = [];
  const complain: Complain = (path, message) => problems.push({ path, message, of: "value" });

  const providers = compileProviders(config, sources, complain);
  const channels = compileChannels(config, providers, sources, complain);
  const routes = compileRoutes(
    config.routes,
    new Set(channels.map(({ id }) => id)),
    sources.engineIds,
    complain,
  );
  if (problems.length > 0)
    throw new ConfigError(
      problems.map((problem) => toProblem(problem, loaded.locate)),
      loaded.file,
    );
  return { providers: providers.map(({ settings }) => settings), channels, routes };
}

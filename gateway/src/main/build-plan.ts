import { type CompiledConfig, compileConfig, type Sources } from "../config/compile.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { createProvider } from "../providers/create-provider.ts";
import type { ProviderDependencies } from "../providers/kinds/dependencies.ts";
import type { Plan } from "../relay/house.ts";
import { Directory, type Nearest } from "../routing/directory.ts";

export interface PlanSources {
  readonly loaded: LoadedConfig;
  readonly sources: Sources;
  readonly dependencies: ProviderDependencies;
  readonly nearest: Nearest;
}

/** A plan with the settings it was made from, for the control API. */
export interface BuiltPlan extends Plan {
  readonly compiled: CompiledConfig;
}

/** One state of the configuration, ready to serve. @throws ConfigError where names or settings do not fit together. */
export function buildPlan({ loaded, sources, dependencies, nearest }: PlanSources): BuiltPlan {
  const compiled = compileConfig(loaded, sources);
  const providers = new Map(
    compiled.providers.map((settings) => [settings.id, createProvider(settings, dependencies)]),
  );
  return {
    compiled,
    directory: new Directory({
      channels: compiled.channels,
      routes: compiled.routes,
      nearest,
      isSettable: ({ provider }) => providers.get(provider)?.kind === "sim",
    }),
    providers,
    deadlines: loaded.config.deadlines,
  };
}

import type { Surroundings } from "../config/config-paths.ts";
import { type ConfigFlags, type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { type ConfigWatcher, watchConfig } from "../config/watch-config.ts";
import type { Catalogue } from "../core/catalogue.ts";
import type { Clock } from "../core/clock.ts";
import type { ProviderSettings } from "../core/provider-settings.ts";
import { discoverEngines } from "../providers/discover-engines.ts";
import type { ProviderDependencies } from "../providers/kinds/dependencies.ts";
import type { Nearest } from "../routing/directory.ts";
import type { Log } from "../telemetry/log.ts";
import { type BuiltPlan, buildPlan } from "./build-plan.ts";
import { joinSources } from "./join-sources.ts";

export interface LiveConfigOptions {
  readonly flags: ConfigFlags;
  readonly surroundings: Surroundings;
  readonly catalogue: Catalogue;
  readonly dependencies: ProviderDependencies;
  readonly nearest: Nearest;
  readonly clock: Clock;
  readonly log: Log;
  /** A new plan is in force. */
  readonly onPlan: (plan: BuiltPlan, loaded: LoadedConfig) => void;
}

/**
 * The configuration in force: the file, what the environment holds keys for, and the engines found on this machine.
 * Makes a new plan whenever one of them changes; a file that is wrong leaves the old one in force.
 */
export class LiveConfig {
  readonly #options: LiveConfigOptions;
  #loaded: LoadedConfig;
  #plan: BuiltPlan;
  #engines: readonly ProviderSettings[] = [];
  #watcher: ConfigWatcher | undefined;
  hints: readonly string[] = [];

  /** @throws ConfigError */
  constructor(options: LiveConfigOptions, loaded: LoadedConfig) {
    this.#options = options;
    this.#loaded = loaded;
    this.#plan = this.#build(loaded);
  }

  get plan(): BuiltPlan {
    return this.#plan;
  }

  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  /** Looks for engines on this machine, for at most 300 ms. */
  async findEngines(): Promise<void> {
    if (!this.#loaded.config.discovery.engines) return;
    const { dependencies, clock } = this.#options;
    this.#engines = await discoverEngines(dependencies.transport, clock);
    if (this.#engines.length > 0) this.#apply(this.#loaded);
  }

  /** Applies the file whenever it changes. */
  watch(): void {
    const { file, text } = this.#loaded;
    if (file === undefined || text === undefined) return;
    const { flags, surroundings, clock, log } = this.#options;
    this.#watcher = watchConfig({
      file,
      text,
      clock,
      apply: async () => {
        this.#apply(await loadConfig(flags, surroundings));
        log.info({ file }, "the config file changed and is in force");
      },
      onError: (error) =>
        log.error({ file, reason: error.message }, "the config file is wrong; the last one stays in force"),
    });
  }

  close(): void {
    this.#watcher?.close();
  }

  #apply(loaded: LoadedConfig): void {
    this.#plan = this.#build(loaded);
    this.#loaded = loaded;
    this.#options.onPlan(this.#plan, loaded);
  }

  #build(loaded: LoadedConfig): BuiltPlan {
    const { catalogue, dependencies, nearest, surroundings } = this.#options;
    const { sources, hints } = joinSources({
      discovery: loaded.config.discovery,
      environment: surroundings.environment,
      catalogue,
      engines: this.#engines,
    });
    this.hints = hints;
    return buildPlan({ loaded, sources, dependencies, nearest });
  }
}

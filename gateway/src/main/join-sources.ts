import type { Sources } from "../config/compile.ts";
import type { Config } from "../config/config.ts";
import type { Environment } from "../config/interpolate.ts";
import type { Catalogue } from "../core/catalogue.ts";
import type { ProviderSettings } from "../core/provider-settings.ts";
import { usualPlaces } from "../providers/discover-engines.ts";
import { discoverEnvironment } from "../providers/discovery.ts";
import { simModels } from "../providers/sim/sim-models.ts";
import { withVendorAddress } from "../providers/vendors.ts";

const simulator: ProviderSettings = { id: "sim", kind: "sim", models: [...simModels] };

export interface Findings {
  readonly discovery: Config["discovery"];
  readonly environment: Environment;
  readonly catalogue: Catalogue;
  /** Those that were found on this machine. */
  readonly engines: readonly ProviderSettings[];
}

/** What a gateway knows besides its file, and for the operator what the environment holds that is not used, and why. */
export function joinSources(findings: Findings): {
  readonly sources: Sources;
  readonly hints: readonly string[];
} {
  const { discovery, environment, catalogue, engines } = findings;
  const found = discovery.environment
    ? discoverEnvironment(environment, catalogue)
    : { settings: [], hints: [] };
  const sources = {
    discovered: [...found.settings, ...engines, simulator],
    engineIds: new Set<string>(discovery.engines ? usualPlaces.map(({ engine }) => engine) : []),
    catalogue,
    withVendorAddress,
  };
  return { sources, hints: found.hints };
}

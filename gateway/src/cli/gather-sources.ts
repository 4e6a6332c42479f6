import { openCatalogue } from "../catalogue/catalogue.ts";
import type { Sources } from "../config/compile.ts";
import type { Config } from "../config/config.ts";
import type { Environment } from "../config/interpolate.ts";
import { systemClock } from "../core/clock.ts";
import { discoverEngines, usualPlaces } from "../providers/discover-engines.ts";
import { discoverEnvironment } from "../providers/discovery.ts";
import { simModels } from "../providers/sim/sim-models.ts";
import { createTransport } from "../providers/transport.ts";
import { withVendorAddress } from "../providers/vendors.ts";

/** What a gateway started here and now would know besides the file: catalogue, environment, engines, simulator. */
export async function gatherSources(config: Config, environment: Environment): Promise<Sources> {
  const catalogue = openCatalogue();
  const { discovery } = config;
  const inEnvironment = discovery.environment ? discoverEnvironment(environment, catalogue).settings : [];
  const engines = discovery.engines ? await findEngines() : [];
  return {
    discovered: [...inEnvironment, ...engines, { id: "sim", kind: "sim", models: [...simModels] }],
    engineIds: new Set(discovery.engines ? usualPlaces.map(({ engine }) => engine) : []),
    catalogue,
    withVendorAddress,
  };
}

async function findEngines() {
  const upstream = createTransport({ clock: systemClock });
  try {
    return await discoverEngines(upstream.transport, systemClock);
  } finally {
    await upstream.close(0);
  }
}

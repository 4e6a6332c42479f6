import { openCatalogue } from "../catalogue/catalogue.ts";
import type { Sources } from "../config/compile.ts";
import type { Config } from "../config/config.ts";
import type { Environment } from "../config/interpolate.ts";
import { systemClock } from "../core/clock.ts";
import { joinSources } from "../main/join-sources.ts";
import { discoverEngines } from "../providers/discover-engines.ts";
import { createTransport } from "../providers/transport.ts";

/** What a gateway started here and now would know besides the file: catalogue, environment, engines, simulator. */
export async function gatherSources({ discovery }: Config, environment: Environment): Promise<Sources> {
  const engines = discovery.engines ? await findEngines() : [];
  return joinSources({ discovery, environment, catalogue: openCatalogue(), engines }).sources;
}

async function findEngines() {
  const upstream = createTransport({ clock: systemClock });
  try {
    return await discoverEngines(upstream.transport, systemClock);
  } finally {
    await upstream.close(0);
  }
}

import type { Deadlines } from "../core/channel.ts";
import type { Price } from "../core/money.ts";
import type { ProviderKind, ProviderSettings } from "../core/provider-settings.ts";
import type { Complain, Sources } from "./compile.ts";
import type { Config } from "./config.ts";
import { didYouMean } from "./did-you-mean.ts";

/** A provider with what its channels inherit from it. */
export interface CompiledProvider {
  readonly settings: ProviderSettings;
  /** Catalogue id of the vendor; undefined where the catalogue knows nothing of it. */
  readonly vendor?: string;
  /** Price of its models where neither channel nor catalogue has one. */
  readonly fallbackPrice?: Price;
  /** Price of its models over the catalogue's. */
  readonly price?: Price;
  readonly deadlines?: Partial<Deadlines>;
}

const ownVendor: Partial<Record<ProviderKind, string>> = {
  openai: "openai",
  azure: "azure",
  anthropic: "anthropic",
};

/** The configured providers in the file's order, then the discovered ones, the simulators last. */
export function compileProviders(config: Config, sources: Sources, complain: Complain): CompiledProvider[] {
  const { discovered } = sources;
  const found = new Map(discovered.map((settings) => [settings.id, settings]));
  const simModels = discovered.find(({ kind }) => kind === "sim")?.models;
  const providers = new Map<string, CompiledProvider>();

  for (const [id, { deadlines, price, ...configured }] of Object.entries(config.providers)) {
    const match = found.get(id);
    const engine = match !== undefined && speaksTo(configured, match) ? match : undefined;
    const settings: ProviderSettings = {
      ...(configured.kind === "sim" && simModels !== undefined ? { models: simModels } : {}),
      ...engine,
      ...configured,
      id,
    };
    checkVendor(settings, sources, complain);
    checkCredentials(settings, complain);
    providers.set(id, {
      ...complete(settings, engine !== undefined && isLocalEngine(settings), sources),
      ...(price === undefined ? {} : { price }),
      ...(deadlines === undefined ? {} : { deadlines }),
    });
  }
  for (const settings of discovered) {
    if (!providers.has(settings.id))
      providers.set(settings.id, complete(settings, isLocalEngine(settings), sources));
  }
  const wanted = [...providers.values()].filter(({ settings }) => config.sim || settings.kind !== "sim");
  return wanted.toSorted((a, b) => Number(a.settings.kind === "sim") - Number(b.settings.kind === "sim"));
}

/**
 * Whether the file means the endpoint that was found. Only then may it inherit from it: a key found in the environment
 * never goes to another address than the one it is for.
 */
function speaksTo(configured: Omit<ProviderSettings, "id">, found: ProviderSettings): boolean {
  if (configured.kind !== found.kind) return false;
  if (configured.vendor !== undefined && configured.vendor !== found.vendor) return false;
  return configured.baseUrl === undefined || configured.baseUrl === found.baseUrl;
}

function complete(settings: ProviderSettings, local: boolean, sources: Sources): CompiledProvider {
  const vendor = settings.vendor ?? ownVendor[settings.kind];
  const known = vendor === undefined ? undefined : sources.catalogue.vendor(vendor);
  return {
    settings: sources.withVendorAddress(settings, sources.catalogue),
    ...(known === undefined ? {} : { vendor: known.id }),
    // Nobody bills for the simulator, nor for an engine found on this machine.
    ...(local || settings.kind === "sim" ? { fallbackPrice: "free" as const } : {}),
  };
}

/** An engine on this machine, as found by looking for one; whatever needs a key may be somebody's bill. */
function isLocalEngine({ kind, baseUrl, apiKey }: ProviderSettings): boolean {
  if (apiKey !== undefined) return false;
  if (baseUrl === undefined) return kind === "ollama";
  const host = URL.parse(baseUrl)?.hostname;
  return host === "localhost" || host === "[::1]" || host?.startsWith("127.") === true;
}

function checkVendor(
  { id, kind, vendor, baseUrl }: ProviderSettings,
  sources: Sources,
  complain: Complain,
): void {
  if (vendor === undefined) return;
  const { catalogue } = sources;
  const address = sources.withVendorAddress({ id, kind, vendor }, catalogue).baseUrl;
  if (catalogue.vendor(vendor) === undefined && address === undefined) {
    const ids = catalogue.vendors().map((known) => known.id);
    complain(
      ["providers", id, "vendor"],
      `the catalogue knows no vendor '${vendor}'${didYouMean(vendor, ids)}`,
    );
  } else if (kind === "openai-compatible" && baseUrl === undefined && address === undefined) {
    complain(
      ["providers", id, "baseUrl"],
      `missing; the catalogue does not know where the API of ${vendor} is`,
    );
  }
}

/** The vendors' own addresses let nobody in without a key. */
function checkCredentials(
  { id, kind, baseUrl, apiKey, credential, headers }: ProviderSettings,
  complain: Complain,
): void {
  const atVendor = kind === "azure" || ((kind === "openai" || kind === "anthropic") && baseUrl === undefined);
  if (!atVendor || apiKey !== undefined || credential === "entra" || headers !== undefined) return;
  const variable = {
    openai: "OPENAI_API_KEY",
    anthropic: "ANTHROPIC_API_KEY",
    azure: "AZURE_OPENAI_API_KEY",
  }[kind];
  complain(["providers", id], `'apiKey' is missing; write apiKey: \${${variable}}`);
}

import { isDeepStrictEqual } from "node:util";
import type { Catalogue, ChannelFacts } from "../core/catalogue.ts";
import type { Channel, Deadlines } from "../core/channel.ts";
import type { Complain, Sources } from "./compile.ts";
import type { CompiledProvider } from "./compile-providers.ts";
import type { Config } from "./config.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { ChannelSetting } from "./schema-channels.ts";

/** The file's channels in its order, then those that the catalogue or discovery knows of each provider. */
export function compileChannels(
  config: Config,
  providers: readonly CompiledProvider[],
  { catalogue, engineIds }: Sources,
  complain: Complain,
): Channel[] {
  const byId = new Map(providers.map((provider) => [provider.settings.id, provider]));
  const channels = new Map<string, Channel>();
  for (const [index, setting] of config.channels.entries()) {
    const provider = byId.get(setting.provider);
    if (provider === undefined && engineIds.has(setting.provider)) continue;
    if (provider === undefined) {
      const hint = didYouMean(setting.provider, byId.keys());
      complain(
        ["channels", index, "provider"],
        `no provider '${setting.provider}' is configured or was found${hint}`,
      );
      continue;
    }
    const channel = configuredChannel(setting, provider, catalogue);
    if (channels.has(channel.id))
      complain(["channels", index], `the channel '${channel.id}' is declared twice`);
    channels.set(channel.id, channel);
  }
  for (const provider of providers) {
    for (const channel of knownChannels(provider, catalogue)) {
      if (!channels.has(channel.id)) channels.set(channel.id, channel);
    }
  }
  return [...channels.values()];
}

function configuredChannel(
  setting: ChannelSetting,
  provider: CompiledProvider,
  catalogue: Catalogue,
): Channel {
  const facts = factsFor(setting, provider.vendor, catalogue);
  const upstream = setting.upstream ?? facts?.upstream ?? setting.model ?? "";
  const plain = knownChannel(provider, upstream, facts);
  const price = setting.price ?? plain.price;
  return {
    ...plain,
    ...(setting.model === undefined ? {} : { model: setting.model }),
    ...(price === undefined ? {} : { price }),
    limits: { ...plain.limits, ...setting.limits },
    ...(setting.lacks === undefined ? {} : { lacks: setting.lacks }),
    ...(setting.region === undefined ? {} : { region: setting.region }),
    ...(setting.from === undefined ? {} : { from: setting.from }),
    ...(setting.until === undefined ? {} : { until: setting.until }),
    ...mergedDeadlines(provider.deadlines, setting.deadlines),
  };
}

function knownChannels(provider: CompiledProvider, catalogue: Catalogue): Channel[] {
  const { vendor, settings } = provider;
  const { models } = settings;
  if (models !== undefined)
    return models.map((upstream) =>
      knownChannel(
        provider,
        upstream,
        vendor === undefined ? undefined : catalogue.channel(vendor, upstream),
      ),
    );
  if (vendor === undefined) return [];
  return catalogue.channels(vendor).map((facts) => knownChannel(provider, facts.upstream, facts));
}

function knownChannel(
  provider: CompiledProvider,
  upstream: string,
  facts: ChannelFacts | undefined,
): Channel {
  const { id, kind } = provider.settings;
  const channelId = `${id}/${upstream}`;
  const price = provider.price ?? facts?.price ?? provider.fallbackPrice;
  return {
    id: channelId,
    provider: id,
    model: facts?.model ?? (kind === "sim" ? channelId : upstream),
    upstream,
    ...(price === undefined ? {} : { price }),
    limits: {
      ...(facts?.contextTokens === undefined ? {} : { contextTokens: facts.contextTokens }),
      ...(facts?.outputTokens === undefined ? {} : { outputTokens: facts.outputTokens }),
    },
    lacks: facts?.lacks ?? [],
    ...mergedDeadlines(provider.deadlines, undefined),
  };
}

/** What the catalogue knows of a configured channel: by the provider's name for it, else by the model it serves. */
function factsFor(
  { model, upstream }: ChannelSetting,
  vendor: string | undefined,
  catalogue: Catalogue,
): ChannelFacts | undefined {
  if (vendor === undefined) return undefined;
  const named = upstream === undefined ? undefined : catalogue.channel(vendor, upstream);
  if (named !== undefined || model === undefined) return named;
  const offers = catalogue.channels(vendor).filter((facts) => facts.model === model);
  const [first] = offers;
  const usual = offers.find((facts) => model.endsWith(`/${facts.upstream}`));
  if (usual !== undefined || first === undefined) return usual;
  // A vendor may sell one model under several names. At different prices, which one is meant is not ours to guess.
  return offers.every((facts) => isDeepStrictEqual(facts.price, first.price)) ? first : withoutPrice(first);
}

function withoutPrice({ price: _price, ...facts }: ChannelFacts): ChannelFacts {
  return facts;
}

function mergedDeadlines(
  general: Partial<Deadlines> | undefined,
  own: Partial<Deadlines> | undefined,
): { readonly deadlines?: Partial<Deadlines> } {
  return general === undefined && own === undefined ? {} : { deadlines: { ...general, ...own } };
}

import { readFileSync } from "node:fs";
import type { Catalogue, ChannelFacts, VendorFacts } from "../core/catalogue.ts";
import type { PriceTable, PriceUnit } from "../core/money.ts";
import {
  type CatalogueFile,
  type FileChannel,
  type FilePrices,
  type FilePriceTable,
  fileFeatures,
  fileModalities,
  fileUnits,
} from "./catalogue-file.ts";

interface Vendor {
  readonly facts: VendorFacts;
  /** By upstream name, made when first asked for: most vendors never are. */
  readonly all: () => ReadonlyMap<string, ChannelFacts>;
  readonly chatting: () => readonly ChannelFacts[];
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function named<Name>(names: readonly Name[], bits: number): Name[] {
  return names.filter((_, index) => (bits & (1 << index)) !== 0);
}

function unitPrices(prices: FilePrices): Partial<Record<PriceUnit, bigint>> {
  const table: Partial<Record<PriceUnit, bigint>> = {};
  for (const [index, unit] of fileUnits.entries()) {
    const price = prices[index] ?? null;
    if (price !== null) table[unit] = BigInt(price);
  }
  return table;
}

function priceTable([base, ...tiers]: FilePriceTable): PriceTable {
  if (tiers.length === 0) return unitPrices(base);
  return {
    ...unitPrices(base),
    tiers: tiers.map(([above, prices]) => ({ above, prices: unitPrices(prices) })),
  };
}

function channelFacts(file: CatalogueFile, vendor: string, channel: FileChannel): ChannelFacts {
  const [upstream, model, price, contextTokens, outputTokens, input, output, lacks] = channel;
  const table = price === null ? undefined : file.prices[price];
  return {
    vendor,
    upstream,
    model: (model === null ? undefined : file.models[model]) ?? `${vendor}/${upstream}`,
    ...(table === undefined ? {} : { price: priceTable(table) }),
    ...(contextTokens === null ? {} : { contextTokens }),
    ...(outputTokens === null ? {} : { outputTokens }),
    modalities: { input: named(fileModalities, input), output: named(fileModalities, output) },
    lacks: named(fileFeatures, lacks),
  };
}

/** The catalogue that ships with the package, or one of the same shape at `file`. */
export function openCatalogue(file = new URL("../../data/catalogue.json", import.meta.url)): Catalogue {
  const data = JSON.parse(readFileSync(file, "utf8")) as CatalogueFile;
  const vendors = new Map<string, Vendor>();
  for (const [id, { env, api, channels }] of Object.entries(data.vendors)) {
    const all = once(
      () => new Map(channels.map((channel) => [channel[0], channelFacts(data, id, channel)] as const)),
    );
    const chatting = once(() => {
      const chats = new Map(channels.map((channel) => [channel[0], channel[8] === 1] as const));
      return [...all().values()].filter(({ upstream }) => chats.get(upstream) === true);
    });
    vendors.set(id, { facts: { id, env, ...(api === null ? {} : { api }) }, all, chatting });
  }
  const listed = [...vendors.values()].map(({ facts }) => facts);
  return {
    source: `${data.source} (${data.licence})`,
    date: data.date,
    vendors: () => listed,
    vendor: (id) => vendors.get(id)?.facts,
    channel: (vendor, upstream) => vendors.get(vendor)?.all().get(upstream),
    channels: (vendor) => vendors.get(vendor)?.chatting() ?? [],
  };
}

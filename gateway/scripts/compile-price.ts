import { type FilePrices, type FilePriceTable, fileUnits } from "../src/catalogue/catalogue-file.ts";
import { readUsd } from "../src/config/read-values.ts";
import type { PriceUnit } from "../src/core/money.ts";
import type { SnapshotCost } from "./models-dev.ts";

/** The snapshot's words for our units; several are misspellings of one. */
const unitOf: Readonly<Record<string, PriceUnit>> = {
  input: "input",
  output: "output",
  cache_read: "cache_read",
  cached_input: "cache_read",
  cache_input: "cache_read",
  cache_write: "cache_write",
  cached_write: "cache_write",
  reasoning: "reasoning",
  input_audio: "audio_input",
  output_audio: "audio_output",
};

/** Exact: nine decimals are a nano-dollar; digits beyond them are the noise of a double (0.30000000000000004). */
function nanoDollars(usd: number): number {
  const nano = Number(readUsd(usd.toFixed(9)));
  if (!Number.isSafeInteger(nano) || nano < 0) throw new Error(`not a price: ${usd}`);
  return nano;
}

/** Undefined where a unit is billed that we do not meter (per image, citation or search): better no price than too low a one. */
function unitPrices(cost: object, anthropic: boolean): Partial<Record<PriceUnit, number>> | undefined {
  const prices: Partial<Record<PriceUnit, number>> = {};
  for (const [word, usd] of Object.entries(cost)) {
    if (word === "tiers" || word === "tier") continue;
    const unit = unitOf[word];
    if (unit === undefined || typeof usd !== "number") return undefined;
    prices[unit] = nanoDollars(usd);
  }
  // A cache price of 0 beside paid input says that the cache has no price of its own, not that tokens are given away.
  if (prices.input !== 0) {
    if (prices.cache_read === 0) delete prices.cache_read;
    if (prices.cache_write === 0) delete prices.cache_write;
  }
  // Anthropic's pricing: a write that lives for five minutes costs 1.25 times the input, for an hour twice; the snapshot has only the first.
  const { input = 0, cache_write: written } = prices;
  if (anthropic && written !== undefined && written * 4 === input * 5 && written > 0)
    prices.cache_write_long = input * 2;
  return prices;
}

function row(prices: Partial<Record<PriceUnit, number>>): FilePrices {
  const all = fileUnits.map((unit) => prices[unit] ?? null);
  return all.slice(0, all.findLastIndex((price) => price !== null) + 1);
}

/** Undefined where the snapshot knows no price that covers the call. */
export function compilePrice(cost: SnapshotCost | undefined, anthropic: boolean): FilePriceTable | undefined {
  if (cost === undefined) return undefined;
  const base = unitPrices(cost, anthropic);
  if (base?.input === undefined || base.output === undefined) return undefined;
  const tiers: [number, FilePrices][] = [];
  for (const tier of cost.tiers ?? []) {
    const prices = unitPrices(tier, anthropic);
    if (prices === undefined || (tier.tier.type ?? "context") !== "context") return undefined;
    tiers.push([tier.tier.size, row(prices)]);
  }
  return [row(base), ...tiers.sort(([a], [b]) => a - b)];
}

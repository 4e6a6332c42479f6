import type { CostLine, NanoDollars, PriceTable, PriceUnit, UnitPrices } from "../core/money.ts";
import type { Usage } from "../core/usage.ts";

const million = 1_000_000n;
/** More tokens than any one call can have; a vendor that reports more reports nonsense, which is unknown. */
const mostTokens = 1_000_000_000;

function known(count: number | undefined): number | undefined {
  return count !== undefined && Number.isInteger(count) && count >= 0 && count <= mostTokens
    ? count
    : undefined;
}

/** What each share without a price of its own is priced as. */
const parents: Partial<Record<PriceUnit, PriceUnit>> = {
  cache_read: "input",
  cache_write: "input",
  cache_write_long: "cache_write",
  audio_input: "input",
  reasoning: "output",
  audio_output: "output",
};

function pricedAs(unit: PriceUnit, prices: UnitPrices): PriceUnit | undefined {
  let priced: PriceUnit | undefined = unit;
  while (priced !== undefined && prices[priced] === undefined) priced = parents[priced];
  return priced;
}

/**
 * Splits a total into shares and the rest. Shares that together pass the total (a vendor that contradicts itself) are cut in their
 * order; without a total, it is the sum of the shares.
 */
function split(
  total: number | undefined,
  shares: readonly (readonly [PriceUnit, number | undefined])[],
  rest: PriceUnit,
): [PriceUnit, number][] {
  let left = total ?? shares.reduce((sum, [, quantity]) => sum + (quantity ?? 0), 0);
  const parts: [PriceUnit, number][] = [];
  for (const [unit, quantity] of shares) {
    const taken = Math.min(quantity ?? 0, left);
    parts.push([unit, taken]);
    left -= taken;
  }
  return [[rest, left], ...parts];
}

function pricesFor(inputTokens: number, table: PriceTable): UnitPrices {
  let reached: { readonly above: number; readonly prices: UnitPrices } | undefined;
  for (const tier of table.tiers ?? []) {
    if (inputTokens > tier.above && tier.above >= (reached?.above ?? 0)) reached = tier;
  }
  return reached === undefined ? table : { ...table, ...reached.prices };
}

/**
 * What a call costs: one line for each unit used and priced, each rounded once, half up to the nano-dollar. The quantities of the
 * input units add up to the input, those of the output units to the output. Counts that are unknown, negative, not whole or
 * beyond a billion cost nothing: they are not known.
 */
export function costOf(
  usage: Usage,
  price: PriceTable,
): { readonly lines: readonly CostLine[]; readonly amount: NanoDollars } {
  const written = known(usage.cacheWriteTokens);
  const long = known(usage.cacheWriteLongTokens);
  const writtenLong = Math.min(long ?? 0, written ?? long ?? 0);
  const parts = [
    ...split(
      known(usage.inputTokens),
      [
        ["cache_read", known(usage.cacheReadTokens)],
        ["cache_write_long", writtenLong],
        ["cache_write", (written ?? writtenLong) - writtenLong],
        ["audio_input", known(usage.audioInputTokens)],
      ],
      "input",
    ),
    ...split(
      known(usage.outputTokens),
      [
        ["audio_output", known(usage.audioOutputTokens)],
        ["reasoning", known(usage.reasoningTokens)],
      ],
      "output",
    ),
    ["request", 1] satisfies [PriceUnit, number],
  ];
  const inputTokens = parts.reduce((sum, [unit, quantity]) => (isInput(unit) ? sum + quantity : sum), 0);
  const prices = pricesFor(inputTokens, price);
  const quantities = new Map<PriceUnit, number>();
  for (const [unit, quantity] of parts) {
    const priced = pricedAs(unit, prices);
    if (priced === undefined || quantity === 0) continue;
    quantities.set(priced, (quantities.get(priced) ?? 0) + quantity);
  }
  const lines: CostLine[] = [];
  let amount = 0n;
  for (const [unit, quantity] of quantities) {
    const unitPrice = prices[unit] ?? 0n;
    const line = {
      unit,
      quantity,
      price: unitPrice,
      amount: (BigInt(quantity) * unitPrice + million / 2n) / million,
    };
    lines.push(line);
    amount += line.amount;
  }
  return { lines, amount };
}

function isInput(unit: PriceUnit): boolean {
  return unit === "input" || unit === "audio_input" || unit.startsWith("cache_");
}

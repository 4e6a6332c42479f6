/** Integer nano-dollars: 1 USD = 1_000_000_000n. */
export type NanoDollars = bigint;

/** Units that a price book prices, each by the million (a request and a GPU second too). */
export type PriceUnit =
  | "input"
  | "output"
  | "cache_read"
  | "cache_write"
  | "cache_write_long"
  | "reasoning"
  | "audio_input"
  | "audio_output"
  | "request";

/** Nano-dollars per million units. A unit without a price of its own is priced as the one it is a share of. */
export type UnitPrices = Partial<Readonly<Record<PriceUnit, NanoDollars>>>;

/** Prices of a whole call whose input is more than `above` tokens; units it leaves out keep the table's price. */
export interface PriceTier {
  readonly above: number;
  readonly prices: UnitPrices;
}

/** Of several tiers the highest one reached holds. */
export interface PriceTable extends UnitPrices {
  readonly tiers?: readonly PriceTier[];
}

/** `free` is a decision; a channel with no price at all is undefined and refused. */
export type Price = "free" | PriceTable;

/** One line of a cost: `amount` is rounded once, half up. */
export interface CostLine {
  readonly unit: PriceUnit;
  readonly quantity: number;
  readonly price: NanoDollars;
  readonly amount: NanoDollars;
}

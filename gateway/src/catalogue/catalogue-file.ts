import type { Modality } from "../core/catalogue.ts";
import type { Feature } from "../core/dialect.ts";
import type { PriceUnit } from "../core/money.ts";

// The shape of data/catalogue.json, shared by what writes and what reads it. It is compact, not pretty: words that
// repeat are numbers into a list.

/** Nano-dollars per million units in the order of `fileUnits`; null where there is no price, nulls at the end left out. */
export type FilePrices = readonly (number | null)[];

/** The table's own prices, then its tiers: the size above which each holds, then its prices. */
export type FilePriceTable = readonly [FilePrices, ...(readonly [above: number, prices: FilePrices])[]];

export type FileChannel = readonly [
  upstream: string,
  /** Index into `models`; null where the model is `<vendor>/<upstream>`. */
  model: number | null,
  /** Index into `prices`. */
  price: number | null,
  contextTokens: number | null,
  outputTokens: number | null,
  /** Bits by `fileModalities`. */
  input: number,
  output: number,
  /** Bits by `fileFeatures`. */
  lacks: number,
  /** 1 where it chats. */
  chats: 0 | 1,
];

export interface FileVendor {
  readonly env: readonly string[];
  readonly api: string | null;
  readonly channels: readonly FileChannel[];
}

export interface CatalogueFile {
  readonly source: string;
  readonly licence: string;
  readonly date: string;
  readonly models: readonly string[];
  readonly prices: readonly FilePriceTable[];
  readonly vendors: Readonly<Record<string, FileVendor>>;
}

export const fileUnits = [
  "input",
  "output",
  "cache_read",
  "cache_write",
  "cache_write_long",
  "reasoning",
  "audio_input",
  "audio_output",
] as const satisfies readonly PriceUnit[];

export const fileModalities = [
  "text",
  "image",
  "audio",
  "video",
  "pdf",
] as const satisfies readonly Modality[];

export const fileFeatures = [
  "tools",
  "image",
  "audio",
  "file",
  "json_schema",
  "reasoning",
] as const satisfies readonly Feature[];

import type { Feature } from "./dialect.ts";
import type { PriceTable } from "./money.ts";

export type Modality = "text" | "image" | "audio" | "video" | "pdf";

/** What is publicly known of one vendor's offer of one model. Prices are a fact of the catalogue's date, not a contract. */
export interface ChannelFacts {
  /** Vendor's catalogue id: `openai`, `azure`, `groq`. */
  readonly vendor: string;
  /** The vendor's own name for the model. */
  readonly upstream: string;
  /** `maker/name`. */
  readonly model: string;
  /** Undefined where the catalogue knows no price. An explicit price of zero is a price. */
  readonly price?: PriceTable;
  readonly contextTokens?: number;
  readonly outputTokens?: number;
  readonly modalities?: { readonly input: readonly Modality[]; readonly output: readonly Modality[] };
  /** Features it is known to lack. */
  readonly lacks: readonly Feature[];
}

export interface VendorFacts {
  readonly id: string;
  /** Environment variables that hold its credentials. */
  readonly env: readonly string[];
  /** Base URL of its API, where the catalogue knows one. */
  readonly api?: string;
}

/** Facts about models, vendors and prices, shipped with the package. All lookups are synchronous and in memory. */
export interface Catalogue {
  /** Where the facts are from, with licence. */
  readonly source: string;
  /** ISO date of the facts. */
  readonly date: string;
  vendors(): readonly VendorFacts[];
  vendor(id: string): VendorFacts | undefined;
  /** Of whatever operation. */
  channel(vendor: string, upstream: string): ChannelFacts | undefined;
  /** Those that chat; empty for an unknown vendor. */
  channels(vendor: string): readonly ChannelFacts[];
}

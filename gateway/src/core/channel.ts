import type { Feature } from "./dialect.ts";
import type { Price } from "./money.ts";

/** Milliseconds; every wait on a provider has one of these. */
export interface Deadlines {
  readonly connect: number;
  readonly firstEvent: number;
  readonly betweenEvents: number;
  readonly total: number;
}

/** One way to buy one model. */
export interface Channel {
  /** Unique: `<provider>/<upstream>`. */
  readonly id: string;
  readonly provider: string;
  /** Catalogue id of the model served, `maker/name`; or the caller-facing name of an in-house model. */
  readonly model: string;
  /** The provider's own name for it: model, deployment or inference profile. */
  readonly upstream: string;
  readonly region?: string;
  readonly price?: Price;
  readonly limits: {
    readonly contextTokens?: number;
    readonly outputTokens?: number;
    /** Most calls at once. */
    readonly inFlight?: number;
  };
  /** Features it is known to lack; unknown is allowed. */
  readonly lacks: readonly Feature[];
  readonly deadlines?: Partial<Deadlines>;
  /** Unix milliseconds between which it may be used. */
  readonly from?: number;
  readonly until?: number;
}

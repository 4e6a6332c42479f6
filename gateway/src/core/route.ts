import type { Deadlines } from "./channel.ts";
import type { Feature } from "./dialect.ts";

/** When a route's step applies; every given condition must hold. */
export interface StepCondition {
  readonly operation?: "chat";
  /** Size of the request's body in bytes. */
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly features?: readonly Feature[];
  /** Request header, lower case, and the exact value it must have. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Steps are tried in order; within a step, channels are drawn by weight without replacement. */
export interface RouteStep {
  readonly channels: readonly { readonly channel: string; readonly weight: number }[];
  readonly when?: StepCondition;
}

/** A named policy that turns a requested model name into an ordered list of channels. */
export interface Route {
  /** The model name a caller asks for. */
  readonly name: string;
  readonly steps: readonly RouteStep[];
  /** Most attempts for one call, the first included. */
  readonly attempts: number;
  readonly deadlines?: Partial<Deadlines>;
}

import type { ErrorCode } from "./errors.ts";

/**
 * A provider's refusal or breakdown, as told by the provider. `message` is the vendor's own sentence and may quote
 * anything: it is scrubbed before a caller sees it, and shown only for codes whose owner is the caller.
 */
export interface ProviderFailure {
  readonly code: ErrorCode;
  /** HTTP status of the provider's answer; undefined inside a stream. */
  readonly status?: number;
  readonly message: string;
  /** The vendor's own words, to hand on where the client speaks the same language. */
  readonly vendorType?: string;
  readonly vendorCode?: string;
  readonly param?: string;
}

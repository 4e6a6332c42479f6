import { type ErrorCode, type ErrorEntry, errors } from "./errors.ts";

export interface FaultOptions {
  /** Public: more about this one case. Never a key, a prompt, a path or an upstream credential. */
  readonly detail?: string;
  /** Public: which field of the request, as a path in the caller's own body. */
  readonly param?: string;
  /** Public: seconds after which a retry may succeed. */
  readonly retryAfter?: number;
  /** The vendor's own type and code, to hand on to a client that speaks the vendor's language. */
  readonly vendorType?: string;
  readonly vendorCode?: string;
  /** Private: for the log only. */
  readonly cause?: unknown;
}

/** An error of the table in errors.ts. Everything on it but `cause` may be shown to the caller. */
export class Fault extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly param: string | undefined;
  readonly retryAfter: number | undefined;
  readonly vendorType: string | undefined;
  readonly vendorCode: string | undefined;

  constructor(code: ErrorCode, options: FaultOptions = {}) {
    super(
      options.detail === undefined ? errors[code].sentence : `${errors[code].sentence} ${options.detail}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "Fault";
    this.code = code;
    this.detail = options.detail;
    this.param = options.param;
    this.retryAfter = options.retryAfter;
    this.vendorType = options.vendorType;
    this.vendorCode = options.vendorCode;
  }

  get entry(): ErrorEntry {
    return errors[this.code];
  }
}

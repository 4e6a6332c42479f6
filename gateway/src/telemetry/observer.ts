import type { ErrorCode } from "../core/errors.ts";
import type { Settlement } from "../core/settlement.ts";

/** One hop of a call. Times in milliseconds. */
export interface AttemptNote {
  readonly channel: string;
  readonly provider: string;
  readonly milliseconds: number;
  readonly outcome: "success" | "failed" | "cancelled";
  readonly code?: ErrorCode;
  /** HTTP status of the provider's answer. */
  readonly status?: number;
  /** What was wrong where there was no answer at all: in our own words, never the vendor's. */
  readonly reason?: string;
  /** What was done next: another channel, the same again, or giving up and why. */
  readonly decision?: string;
}

/** Hears of one call, and at its end either `settled` or `refused`. Nothing it does delays or fails the call. */
export interface CallTrace {
  /** An attempt is over. */
  attempt(note: AttemptNote): void;
  /** An attempt begins: headers that carry the trace to its provider. */
  upstreamHeaders(): Readonly<Record<string, string>>;
  /** The call reached a provider and is settled. `steps` in milliseconds. */
  settled(settlement: Settlement, steps: ReadonlyMap<string, number>): void;
  /** The call was refused before it reached a provider. `cause` is for the log. */
  refused(code: ErrorCode, cause: unknown): void;
}

/** A call as it is known when it arrives. Header names lower case. */
export interface ArrivedCall {
  readonly id: string;
  readonly dialect: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface CallObserver {
  started(call: ArrivedCall): CallTrace;
}

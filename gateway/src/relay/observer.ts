import type { ErrorCode } from "../core/errors.ts";
import type { Settlement } from "../core/settlement.ts";
import type { IncomingHeaders } from "./house.ts";

/** One hop of a call, as it is told to the log, the metrics and the trace. Times in milliseconds. */
export interface AttemptNote {
  readonly channel: string;
  readonly provider: string;
  readonly milliseconds: number;
  readonly outcome: "success" | "failed" | "cancelled";
  readonly code?: ErrorCode;
  readonly status?: number;
  /** What was done next: another channel, the same again, or giving up and why. */
  readonly decision?: string;
}

/** Hears of one call. Nothing it does may delay or fail the call. */
export interface CallTrace {
  attempt(note: AttemptNote): void;
  /** Headers that carry the trace to the provider. */
  upstreamHeaders(): Readonly<Record<string, string>>;
  /** The call reached a provider and is settled. `steps` in milliseconds. */
  settled(settlement: Settlement, steps: ReadonlyMap<string, number>): void;
  /** The call was refused before it reached a provider. */
  refused(code: ErrorCode, cause: unknown): void;
}

export interface CallObserver {
  started(call: {
    readonly id: string;
    readonly dialect: string;
    readonly headers: IncomingHeaders;
  }): CallTrace;
}

import type { Intent, Settlement } from "../core/settlement.ts";

/** Where calls are accounted for. Neither method waits on a store, so that neither delays a client. */
export interface Ledger {
  /** Notes the call in the journal before it goes out: a few microseconds, synchronous, survives the process. */
  open(intent: Intent): void;
  /** Posts the call once; a second settlement of the same id is ignored. */
  settle(settlement: Settlement): void;
  /** Calls opened and not yet on disk. */
  readonly pending: number;
  /** Resolves when every settlement so far is on disk; rejects after the deadline in milliseconds. */
  flush(deadline: number): Promise<void>;
}

import type { Intent, Settlement } from "../core/settlement.ts";

/** Where calls are accounted for. No method waits on a store, so that none delays a client. */
export interface Ledger {
  /**
   * Notes the call in the journal before it goes out: a few microseconds, synchronous, survives the process. Called again
   * for each fallback.
   *
   * @throws Fault `overloaded` where it cannot be noted (disk or journal full): then the call must not go out.
   */
  open(intent: Intent): void;
  /** Posts the call once; a second settlement of the same id is ignored. Never throws. */
  settle(settlement: Settlement): void;
  /** Calls opened or settled and not yet in the store. */
  readonly pending: number;
  /** Resolves when every settlement so far is in the store; rejects after the deadline in milliseconds, or where the store refuses one. */
  flush(deadline: number): Promise<void>;
}

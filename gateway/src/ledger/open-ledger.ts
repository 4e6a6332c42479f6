import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Price } from "../core/money.ts";
import type { Intent, Settlement } from "../core/settlement.ts";
import type { SettledCall, Store } from "../storage/port.ts";
import { settledCall } from "../storage/settled-call.ts";
import { crashedCall } from "./crashed-call.ts";
import { defaultJournalLimits, Journal, type JournalLimits } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { Persistence } from "./persistence.ts";
import { postingsOf } from "./postings.ts";

export interface LedgerOptions {
  /** Of the journal: made with mode 0700. Only one process may use it; the lock of the data folder sees to that. */
  readonly folder: string;
  readonly calls: Pick<Store["calls"], "post" | "posted">;
  readonly clock: Clock;
  /** The price in force of a channel, for calls that a crash cut off. */
  readonly priceOf: (channel: string) => Price | undefined;
  /** A sentence for the log. */
  readonly onProblem: (message: string, cause: unknown) => void;
  /** How many calls an earlier process had left out of the store; told once they are in it, where there were any. */
  readonly onRecovered: (calls: number) => void;
  readonly journalLimits?: JournalLimits;
  /** Milliseconds that a settlement waits for others to share a commit with; 10 where absent. */
  readonly groupDelay?: number;
  /** Settlements kept in memory while the store does not take them; the others wait in the journal. */
  readonly mostInMemory?: number;
}

/** The ledger of a running gateway. */
export interface OpenLedger extends Ledger {
  /** Stops posting. What is not in the store stays in the journal for the next start. */
  close(): void;
}

/** Many enough that a commit, which waits for the disk, serves many; few enough that handing them over takes less than a millisecond. */
const batchSize = 1_000;

interface Flush {
  /** Not in the store yet. */
  readonly ids: Set<string>;
  /** Told when none is left. */
  readonly end: () => void;
}

/**
 * Opens the journal and begins to post what an earlier process left in it.
 *
 * @throws Error of the file system where the folder cannot be used.
 */
export function openLedger(options: LedgerOptions): OpenLedger {
  return new JournaledLedger(options);
}

class JournaledLedger implements OpenLedger {
  readonly #options: LedgerOptions;
  readonly #journal: Journal;
  readonly #persistence: Persistence;
  readonly #mostInMemory: number;
  readonly #flushes = new Set<Flush>();
  /** Calls that the store will not take from this process; it is a fault of ours where there are any. */
  readonly #refused = new Set<string>();
  /** Settled in this turn of the event loop. */
  #fresh: SettledCall[] = [];
  #queue: SettledCall[] = [];
  #posting = false;
  #cancelDelay: (() => void) | undefined;
  #closed = false;
  #recovering: boolean;
  #recovered = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#journal = new Journal(options.folder, options.journalLimits ?? defaultJournalLimits);
    this.#persistence = new Persistence(options.clock, (cause) =>
      options.onProblem("The store does not take calls now; they wait in the journal.", cause),
    );
    this.#mostInMemory = options.mostInMemory ?? 20_000;
    this.#recovering = this.#journal.hasBacklog;
    if (this.#recovering) this.#start();
  }

  get pending(): number {
    return this.#journal.pending;
  }

  open(intent: Intent): void {
    try {
      this.#journal.open(intent);
    } catch (cause) {
      this.#options.onProblem("A call could not be noted in the journal and was refused.", cause);
      throw new Fault("overloaded", { cause });
    }
  }

  settle(settlement: Settlement): void {
    if (this.#closed || this.#journal.isSettled(settlement.id)) return;
    this.#journal.keep(settlement.id);
    try {
      // As text at once: the settlement's many small objects would outlive the turn and cost the garbage collector dear.
      this.#fresh.push(settledCall(settlement, postingsOf(settlement)));
    } catch (cause) {
      this.#refused.add(settlement.id);
      this.#options.onProblem(
        `Call ${settlement.id} cannot be written down; its intent stays in the journal.`,
        cause,
      );
      return;
    }
    // What settles in the same turn of the event loop goes along in one write.
    if (this.#fresh.length === 1) setImmediate(() => this.#note());
  }

  /** Writes what has settled since the last time to the journal, and lines it up for the store. */
  #note(): void {
    const fresh = this.#fresh;
    if (fresh.length === 0) return;
    this.#fresh = [];
    const room = Math.max(0, this.#mostInMemory - this.#queue.length);
    const kept = fresh.slice(0, room);
    const shelved = fresh.slice(room);
    try {
      if (kept.length > 0) this.#journal.settle(kept, false);
      this.#queue.push(...kept);
      if (shelved.length > 0) this.#journal.settle(shelved, true);
    } catch (cause) {
      this.#options.onProblem(
        "A settlement could not be written to the journal; it is kept in memory.",
        cause,
      );
      this.#queue.push(...fresh.filter((call) => !this.#queue.includes(call)));
    }
    this.#start();
  }

  flush(deadline: number): Promise<void> {
    this.#note();
    const asked = new Set(this.#journal.settledIds());
    const ids = asked.difference(this.#refused);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (calls: number) =>
      reject(new Error(`${calls} calls are not in the store; they stay in the journal.`));
    const flush: Flush = {
      ids,
      end: () => {
        cancel();
        const refused = asked.intersection(this.#refused).size;
        if (refused > 0) fail(refused);
        else resolve();
      },
    };
    const cancel = this.#options.clock.after(deadline, () => {
      this.#flushes.delete(flush);
      fail(ids.size);
    });
    this.#flushes.add(flush);
    this.#hurry();
    this.#endFlushes();
    return promise;
  }

  close(): void {
    if (this.#closed) return;
    this.#note();
    this.#closed = true;
    this.#cancelDelay?.();
    this.#persistence.stop();
    this.#journal.close();
  }

  #start(): void {
    if (this.#posting || this.#closed) return;
    this.#posting = true;
    const delay = this.#options.groupDelay ?? 10;
    if (delay === 0 || this.#flushes.size > 0) queueMicrotask(() => this.#begin());
    else this.#cancelDelay = this.#options.clock.after(delay, () => this.#begin());
  }

  /** Posts without waiting for more to come. */
  #hurry(): void {
    if (this.#cancelDelay === undefined) return;
    this.#cancelDelay();
    this.#begin();
  }

  #begin(): void {
    this.#cancelDelay = undefined;
    this.#work().catch((error: unknown) => {
      this.#posting = false;
      this.#options.onProblem("The ledger stopped posting; it goes on with the next call.", error);
    });
  }

  async #work(): Promise<void> {
    do {
      if (this.#queue.length === 0) await this.#refill();
      const batch = this.#queue.slice(0, batchSize);
      if (batch.length === 0) break;
      this.#queue = this.#queue.slice(batch.length);
      await this.#post(batch);
      // What is left may wait for company, unless somebody waits for it.
    } while (!this.#closed && this.#hasUrgentWork);
    this.#posting = false;
    this.#endFlushes();
    if (this.#queue.length > 0) this.#start();
  }

  get #hasUrgentWork(): boolean {
    return (
      this.#queue.length >= batchSize ||
      this.#flushes.size > 0 ||
      this.#recovering ||
      this.#journal.hasBacklog
    );
  }

  /** Takes more from the journal: what memory had no room for, then what an earlier process left. */
  async #refill(): Promise<void> {
    while (this.#queue.length === 0 && this.#journal.hasBacklog && !this.#closed) {
      const loaded = this.#journal
        .load()
        .map((entry) => (entry.kind === "settlement" ? entry.call : this.#crashed(entry.intent)));
      const missing = this.#recovering ? await this.#notPosted(loaded) : loaded;
      this.#queue.push(...missing);
    }
    if (!this.#recovering || this.#queue.length > 0 || this.#closed) return;
    this.#recovering = false;
    if (this.#recovered > 0) this.#options.onRecovered(this.#recovered);
  }

  #crashed(intent: Intent): SettledCall {
    const settlement = crashedCall(intent, this.#options.priceOf(intent.channel));
    return settledCall(settlement, postingsOf(settlement));
  }

  /** Much of what an earlier process left may be in the store: a file stays until everything in it is. */
  async #notPosted(loaded: readonly SettledCall[]): Promise<readonly SettledCall[]> {
    const ids = loaded.map(({ id }) => id);
    const posted = (await this.#persistence.run(() => this.#options.calls.posted(ids)))?.value;
    if (posted === undefined) return [];
    for (const id of posted) this.#release(id);
    const missing = loaded.filter(({ id }) => !posted.has(id));
    this.#recovered += missing.length;
    return missing;
  }

  async #post(batch: readonly SettledCall[]): Promise<void> {
    try {
      const posted = await this.#persistence.run(() => this.#options.calls.post(batch));
      if (posted === undefined) return;
      for (const { id } of batch) this.#release(id);
      this.#endFlushes();
    } catch (error) {
      if (batch.length > 1) {
        for (const call of batch) await this.#post([call]);
        return;
      }
      for (const { id } of batch) {
        this.#refused.add(id);
        for (const flush of this.#flushes) flush.ids.delete(id);
      }
      this.#endFlushes();
      this.#options.onProblem(
        `The store refuses call ${batch[0]?.id}; it stays in the journal and is tried again at the next start.`,
        error,
      );
    }
  }

  #release(id: string): void {
    if (this.#closed) return;
    this.#journal.release(id);
    for (const flush of this.#flushes) flush.ids.delete(id);
  }

  #endFlushes(): void {
    if (this.#recovering) return;
    for (const flush of this.#flushes) {
      if (flush.ids.size > 0) continue;
      this.#flushes.delete(flush);
      flush.end();
    }
  }
}

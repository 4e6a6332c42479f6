import type { CostLine } from "../core/money.ts";
import type { Settlement } from "../core/settlement.ts";

/** A key as stored: never the key itself. `hash` is the SHA-256 of the key in hex. Times in Unix milliseconds. */
export interface StoredKey {
  readonly id: string;
  readonly hash: string;
  readonly kind: "project" | "admin";
  readonly project: string;
  readonly name: string;
  /** First and last letters, to recognise it by: `ent-abc...wxyz`. */
  readonly hint: string;
  readonly allowedModels?: readonly string[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

/** A line of double entry; the lines of one transaction sum to zero. */
export interface Posting {
  readonly transaction: string;
  readonly account: string;
  /** Nano-dollars; debit positive. */
  readonly amount: bigint;
  readonly at: number;
}

/** A settlement as the store takes it, with the postings that book it: made by `settledCall`. */
export interface SettledCall {
  readonly id: string;
  readonly text: string;
}

/** Calls that began at or after `from` and before `until`. */
export interface UsageQuery {
  readonly from?: number;
  readonly until?: number;
  readonly by: "day" | "model" | "key" | "project" | "channel";
}

/**
 * Sums over calls. Token counts are undefined where no call of the group knew them. `group` is an ISO date (UTC) by
 * day, else the name. `failed` counts every outcome but success and cancelled.
 */
export interface UsageSum {
  readonly group: string;
  readonly calls: number;
  readonly failed: number;
  readonly estimated: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cost: bigint;
}

/** Newest first. The last row of a page gives `before` and `beforeId` of the next one. */
export interface RequestQuery {
  readonly limit: number;
  readonly before?: number;
  /** Tells apart calls of the same millisecond; without it the next page starts at an earlier one. */
  readonly beforeId?: string;
  readonly id?: string;
}

/** A row of the request log: metadata only. */
export type RequestRow = Omit<Settlement, "cost"> & {
  readonly cost: readonly CostLine[];
  readonly amount: bigint;
};

/** A stored answer of the Responses API, with all that is needed to continue from it. */
export interface StoredResponse {
  readonly id: string;
  readonly project: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly previousId?: string;
  /** The `input` items of this turn and the response object, as JSON text. */
  readonly input: string;
  readonly response: string;
}

/**
 * Why a store did not do what it was asked. `unavailable`: it cannot work now and may later, the same call can be tried
 * again. `overloaded`: too much is waiting already. `conflict`: a row with that id is there. `failed`: all else.
 */
export class StoreError extends Error {
  readonly reason: "unavailable" | "overloaded" | "conflict" | "failed" | "closed";

  constructor(reason: StoreError["reason"], message: string) {
    super(message);
    this.name = "StoreError";
    this.reason = reason;
  }
}

/**
 * The store behind everything durable. Writes are grouped: a promise resolves once its row is on disk. All methods
 * reject with a StoreError, after `close` with reason `closed`.
 */
export interface Store {
  /** False while the store cannot take writes; it mends itself where it can. */
  readonly healthy: boolean;
  readonly keys: {
    create(key: StoredKey): Promise<void>;
    list(): Promise<StoredKey[]>;
    /** False where there is no such key. */
    revoke(id: string, at: number): Promise<boolean>;
    /** Grows with every change to the keys, by whichever process. */
    revision(): Promise<number>;
  };
  readonly calls: {
    /** Idempotent by settlement id: the first one posted stays. All of them are posted or none. */
    post(calls: readonly SettledCall[]): Promise<void>;
    /** Which of these ids are posted. */
    posted(ids: readonly string[]): Promise<Set<string>>;
    usage(query: UsageQuery): Promise<UsageSum[]>;
    requests(query: RequestQuery): Promise<RequestRow[]>;
    /** Sum of every account; all of them together sum to zero. */
    balances(): Promise<{ readonly account: string; readonly amount: bigint }[]>;
  };
  readonly responses: {
    /** A second put of an id replaces the first, within its project. */
    put(response: StoredResponse): Promise<void>;
    /** Only the project's own; undefined where there is none or it has expired at `now`. */
    get(project: string, id: string, now: number): Promise<StoredResponse | undefined>;
    delete(project: string, id: string): Promise<boolean>;
    /** Drops what has expired; returns how many. */
    expire(now: number): Promise<number>;
  };
  /** Finishes what was asked so far, then closes. */
  close(): Promise<void>;
}

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

/** A settlement as the store takes it, with the postings that book it. */
export interface SettledCall {
  readonly settlement: Settlement;
  readonly postings: readonly Posting[];
}

export interface UsageQuery {
  readonly from?: number;
  readonly until?: number;
  readonly by: "day" | "model" | "key" | "project" | "channel";
}

/** Sums over calls. Token counts are undefined where no call of the group knew them. */
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
 * The store behind everything durable. Writes are grouped: a promise resolves once its row is on disk. All methods
 * reject with an Error after `close`.
 */
export interface Store {
  readonly keys: {
    create(key: StoredKey): Promise<void>;
    list(): Promise<StoredKey[]>;
    /** False where there is no such key. */
    revoke(id: string, at: number): Promise<boolean>;
    /** Grows with every change to the keys, by whichever process. */
    revision(): Promise<number>;
  };
  readonly calls: {
    /** Idempotent by settlement id: the first one posted stays. */
    post(calls: readonly SettledCall[]): Promise<void>;
    /** Which of these ids are posted. */
    posted(ids: readonly string[]): Promise<Set<string>>;
    usage(query: UsageQuery): Promise<UsageSum[]>;
    /** Newest first; `before` is the `at` of the last row of the page before. */
    requests(query: {
      readonly limit: number;
      readonly before?: number;
      readonly id?: string;
    }): Promise<RequestRow[]>;
    /** Sum of every account; all of them together sum to zero. */
    balances(): Promise<{ readonly account: string; readonly amount: bigint }[]>;
  };
  readonly responses: {
    put(response: StoredResponse): Promise<void>;
    /** Only the project's own; undefined where there is none or it has expired at `now`. */
    get(project: string, id: string, now: number): Promise<StoredResponse | undefined>;
    delete(project: string, id: string): Promise<boolean>;
    /** Drops what has expired; returns how many. */
    expire(now: number): Promise<number>;
  };
  close(): Promise<void>;
}

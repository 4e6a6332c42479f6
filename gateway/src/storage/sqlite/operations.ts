import type {
  RequestQuery,
  RequestRow,
  StoredKey,
  StoredResponse,
  StoreError,
  UsageQuery,
  UsageSum,
} from "../port.ts";

type Of<Input, Output> = { readonly input: Input; readonly output: Output };

/** What the writing worker does: small statements, grouped into one transaction a round. */
export interface WriterOperations {
  readonly createKey: Of<StoredKey, void>;
  readonly listKeys: Of<undefined, StoredKey[]>;
  readonly revokeKey: Of<{ readonly id: string; readonly at: number }, boolean>;
  readonly keysRevision: Of<undefined, number>;
  /** A JSON list of the calls' texts. */
  readonly postCalls: Of<string, void>;
  readonly postedCalls: Of<readonly string[], Set<string>>;
  readonly putResponse: Of<StoredResponse, void>;
  readonly getResponse: Of<
    { readonly project: string; readonly id: string; readonly now: number },
    StoredResponse | undefined
  >;
  readonly deleteResponse: Of<{ readonly project: string; readonly id: string }, boolean>;
  readonly expireResponses: Of<{ readonly now: number; readonly limit: number }, number>;
}

/** What the reading worker does: reports that may look at every row, so that commits need not wait for them. */
export interface ReaderOperations {
  readonly usage: Of<UsageQuery, UsageSum[]>;
  readonly requests: Of<RequestQuery, RequestRow[]>;
  readonly balances: Of<undefined, { account: string; amount: bigint }[]>;
}

export type Operations = WriterOperations & ReaderOperations;

/** One thing asked of a worker. */
export type Operation = {
  [Name in keyof Operations]: { readonly name: Name; readonly input: Operations[Name]["input"] };
}[keyof Operations];

export type Result =
  | { readonly ok: true; readonly value: Operations[keyof Operations]["output"] }
  | { readonly ok: false; readonly reason: StoreError["reason"]; readonly message: string };

/** To a worker: a round of operations, or the wish that it close its database and end. */
export type ToWorker = { readonly round: readonly Operation[] } | "close";

/** From a worker: that its database is open or why not, then one list of results a round, in order. */
export type FromWorker =
  | { readonly ready: true }
  | { readonly refused: string }
  | { readonly results: readonly Result[] };

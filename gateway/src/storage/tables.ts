/** The tables that reports read, as a store gives their rows: every integer a bigint. */
export interface Tables {
  readonly calls: CallTable;
  readonly postings: PostingTable;
}

export interface CallTable {
  readonly number: bigint;
  readonly id: string;
  readonly at: bigint;
  readonly ended_at: bigint;
  readonly key_id: string;
  readonly project: string;
  readonly model: string;
  readonly channel: string;
  readonly provider: string;
  readonly dialect: string;
  readonly stream: bigint;
  readonly input_bytes: bigint;
  readonly outcome: string;
  readonly error: string | null;
  readonly attempts: bigint;
  readonly first_event_after: number | null;
  readonly usage_source: string;
  readonly estimate_method: string | null;
  readonly input_tokens: bigint | null;
  readonly output_tokens: bigint | null;
  readonly cache_read_tokens: bigint | null;
  /** JSON. */
  readonly usage: string | null;
  readonly free: bigint;
  readonly amount: bigint;
  /** JSON of CostRow[]. */
  readonly cost: string;
}

interface PostingTable {
  readonly call: bigint;
  readonly line: bigint;
  readonly account: string;
  readonly amount: bigint;
  readonly at: bigint;
}

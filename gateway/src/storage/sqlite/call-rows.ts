import { costToRows } from "../../core/cost-json.ts";
import { type SettledCall, StoreError } from "../port.ts";
import type { CallTable } from "../tables.ts";

/** The columns of a call in the order in which they are inserted; `amount`, the cost in nano-dollars, as decimal text. */
type CallRow = readonly [...values: (string | number | null)[]];
/** Account, amount in nano-dollars as decimal text, Unix milliseconds. */
type PostingRow = readonly [account: string, amount: string, at: number];

/** The columns of a `CallRow`. */
export const callColumns = [
  "id",
  "at",
  "ended_at",
  "key_id",
  "project",
  "model",
  "channel",
  "provider",
  "dialect",
  "stream",
  "input_bytes",
  "outcome",
  "error",
  "attempts",
  "first_event_after",
  "usage_source",
  "estimate_method",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "usage",
  "free",
  "amount",
  "cost",
] as const satisfies readonly (keyof CallTable)[];

/** A count that SQLite can sum; nonsense from a vendor stays readable in `calls.usage` and is unknown here. */
function count(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) ? value : null;
}

/**
 * Calls as JSON text, each with its postings: text crosses to a thread for a fraction of what objects cost.
 * @throws StoreError `failed` where postings do not sum to zero
 */
export function callRowsText(calls: readonly SettledCall[]): string {
  const rows = calls.map(toRows);
  const text = JSON.stringify(rows);
  // JSON can hold half a surrogate pair, UTF-8 and with it the store cannot.
  return text.includes(String.raw`\ud`) ? JSON.stringify(rows, wellFormed) : text;
}

function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

function toRows({ settlement, postings }: SettledCall): readonly [CallRow, readonly PostingRow[]] {
  let sum = 0n;
  for (const posting of postings) sum += posting.amount;
  if (sum !== 0n) throw new StoreError("failed", `The postings of call ${settlement.id} do not sum to zero.`);
  let amount = 0n;
  for (const line of settlement.cost) amount += line.amount;
  const { usage } = settlement;
  const row: CallRow = [
    settlement.id,
    Math.round(settlement.at),
    Math.round(settlement.endedAt),
    settlement.keyId,
    settlement.project,
    settlement.model,
    settlement.channel,
    settlement.provider,
    settlement.dialect,
    settlement.stream ? 1 : 0,
    settlement.inputBytes,
    settlement.outcome,
    settlement.error ?? null,
    settlement.attempts,
    settlement.firstEventAfter ?? null,
    settlement.usageSource,
    settlement.estimateMethod ?? null,
    count(usage?.inputTokens),
    count(usage?.outputTokens),
    count(usage?.cacheReadTokens),
    usage === undefined ? null : JSON.stringify(usage),
    settlement.free ? 1 : 0,
    String(amount),
    JSON.stringify(costToRows(settlement.cost)),
  ];
  return [
    row,
    postings.map(({ account, amount: nano, at }) => [account, String(nano), Math.round(at)] as const),
  ];
}

import { costToRows } from "../core/cost-json.ts";
import type { Settlement } from "../core/settlement.ts";
import { type Posting, type SettledCall, StoreError } from "./port.ts";
import type { CallTable } from "./tables.ts";

/** What the text of a settled call says about the call, in this order; `amount`, the cost in nano-dollars, as decimal text. */
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

/**
 * A call as one line of JSON text: `["s", values of callColumns, [account, nano-dollars as decimal text, Unix milliseconds][]]`. It is
 * written once, for the journal and the store alike: text crosses to a thread, and is kept, for a fraction of what objects cost.
 *
 * @throws StoreError `failed` where postings do not sum to zero; TypeError where the usage holds what JSON cannot
 */
export function settledCall(settlement: Settlement, postings: readonly Posting[]): SettledCall {
  let sum = 0n;
  const lines = postings.map(({ account, amount, at }) => {
    sum += amount;
    return [account, String(amount), Math.round(at)];
  });
  if (sum !== 0n) throw new StoreError("failed", `The postings of call ${settlement.id} do not sum to zero.`);
  const values = ["s", valuesOf(settlement), lines];
  const text = JSON.stringify(values);
  // JSON can hold half a surrogate pair, UTF-8 and with it the store cannot.
  const isOdd = text.includes(String.raw`\ud`);
  return { id: settlement.id, text: isOdd ? JSON.stringify(values, wellFormed) : text };
}

function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** The call in a line; undefined where the line is torn or says something else. */
export function readSettledCall(line: string): SettledCall | undefined {
  let values: unknown;
  try {
    values = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || values.length !== 3 || values[0] !== "s") return undefined;
  const [id] = Array.isArray(values[1]) ? (values[1] as unknown[]) : [];
  return typeof id === "string" ? { id, text: line } : undefined;
}

/** A count that a store can sum; nonsense from a vendor stays readable in `usage` and is unknown here. */
function count(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) ? value : null;
}

function valuesOf(settlement: Settlement): (string | number | null)[] {
  let amount = 0n;
  for (const line of settlement.cost) amount += line.amount;
  const { usage } = settlement;
  return [
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
}

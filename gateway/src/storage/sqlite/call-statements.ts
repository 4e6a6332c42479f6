import type { DatabaseSync } from "node:sqlite";
import { type SettledCall, StoreError } from "../port.ts";
import { costToRows } from "../../core/cost-json.ts";

/** A count that SQLite can sum; nonsense from a vendor stays readable in `calls.usage` and is unknown here. */
function count(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) ? value : null;
}

export function callStatements(database: DatabaseSync) {
  const insertCall = database.prepare(
    `INSERT INTO calls (id, at, ended_at, key_id, project, model, channel, provider, dialect, stream, input_bytes,
       outcome, error, attempts, first_event_after, usage_source, estimate_method, input_tokens, output_tokens,
       cache_read_tokens, usage, free, amount, cost)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const insertPosting = database.prepare(
    "INSERT INTO postings (call, line, account, amount, at) VALUES (?, ?, ?, ?, ?)",
  );
  const posted = database.prepare("SELECT id FROM calls WHERE id IN (SELECT value FROM json_each(?))");

  function post({ settlement, postings }: SettledCall): void {
    let sum = 0n;
    for (const posting of postings) sum += posting.amount;
    if (sum !== 0n)
      throw new StoreError("failed", `The postings of call ${settlement.id} do not sum to zero.`);
    let amount = 0n;
    for (const line of settlement.cost) amount += line.amount;
    const { usage } = settlement;
    const { changes, lastInsertRowid } = insertCall.run(
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
      amount,
      JSON.stringify(costToRows(settlement.cost)),
    );
    if (changes === 0) return;
    for (const [line, posting] of postings.entries()) {
      insertPosting.run(lastInsertRowid, line, posting.account, posting.amount, Math.round(posting.at));
    }
  }

  return {
    postCalls(calls: readonly SettledCall[]): void {
      for (const call of calls) post(call);
    },
    postedCalls(ids: readonly string[]): Set<string> {
      return new Set(posted.all(JSON.stringify(ids)).map((row) => String(row["id"])));
    },
  };
}

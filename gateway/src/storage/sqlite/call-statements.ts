import type { DatabaseSync } from "node:sqlite";
import { amountColumn, type CallRow, type PostingRow, readCallRows } from "./call-rows.ts";

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

  function post(row: CallRow, postings: readonly PostingRow[]): void {
    const values = row.map((value, column) => (column === amountColumn ? BigInt(value ?? 0) : value));
    const { changes, lastInsertRowid } = insertCall.run(...values);
    if (changes === 0) return;
    for (const [line, [account, amount, at]] of postings.entries()) {
      insertPosting.run(lastInsertRowid, line, account, BigInt(amount), at);
    }
  }

  return {
    postCalls(text: string): void {
      for (const [row, postings] of readCallRows(text)) post(row, postings);
    },
    postedCalls(ids: readonly string[]): Set<string> {
      return new Set(posted.all(JSON.stringify(ids)).map((row) => String(row["id"])));
    },
  };
}

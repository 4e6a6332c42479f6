import type { DatabaseSync } from "node:sqlite";
import { callColumns } from "../settled-call.ts";

/**
 * A whole batch goes in by two statements that read its text, several times faster than row by row. The call at index n gets the number
 * n after the newest; where its id is posted already, that number stays free, and with it the postings stay out. Amounts are decimal
 * text, which the INTEGER columns turn into exact 64-bit integers or refuse.
 */
export function callStatements(database: DatabaseSync) {
  const newest = database.prepare("SELECT coalesce(max(number), 0) + 1 AS next FROM calls");
  const insertCalls = database.prepare(
    `INSERT INTO calls (number, ${callColumns.join(", ")})
     SELECT ?1 + key, ${callColumns.map((_, index) => `value ->> '$[1][${index}]'`).join(", ")}
     FROM jsonb_each(?2) WHERE true ON CONFLICT (id) DO NOTHING`,
  );
  const insertPostings = database.prepare(
    `INSERT INTO postings (call, line, account, amount, at)
     SELECT ?1 + batch.key, line.key, line.value ->> '$[0]', line.value ->> '$[1]', line.value ->> '$[2]'
     FROM jsonb_each(?2) AS batch CROSS JOIN calls ON calls.number = ?1 + batch.key
     CROSS JOIN jsonb_each(batch.value, '$[2]') AS line`,
  );
  const posted = database.prepare("SELECT id FROM calls WHERE id IN (SELECT value FROM json_each(?))");

  return {
    /** `text`: a JSON list of what `settledCall` made. */
    postCalls(text: string): void {
      const next = Number(newest.get()?.["next"]);
      if (insertCalls.run(next, text).changes === 0) return;
      insertPostings.run(next, text);
    },
    postedCalls(ids: readonly string[]): Set<string> {
      return new Set(posted.all(JSON.stringify(ids)).map((row) => String(row["id"])));
    },
  };
}

import type { DatabaseSync } from "node:sqlite";
import { type StoredResponse, StoreError } from "../port.ts";

interface ResponseRow {
  readonly id: string;
  readonly project: string;
  readonly key_id: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly previous_id: string | null;
  readonly input: string;
  readonly response: string;
}

export function responseStatements(database: DatabaseSync) {
  const put = database.prepare(
    `INSERT INTO responses (id, project, key_id, created_at, expires_at, previous_id, input, response)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET key_id = excluded.key_id, created_at = excluded.created_at,
       expires_at = excluded.expires_at, previous_id = excluded.previous_id, input = excluded.input, response = excluded.response
     WHERE project = excluded.project`,
  );
  const get = database.prepare("SELECT * FROM responses WHERE id = ? AND project = ? AND expires_at > ?");
  const remove = database.prepare("DELETE FROM responses WHERE id = ? AND project = ?");
  const expire = database.prepare(
    "DELETE FROM responses WHERE rowid IN (SELECT rowid FROM responses WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
  );
  return {
    putResponse(response: StoredResponse): void {
      const { changes } = put.run(
        response.id,
        response.project,
        response.keyId,
        response.createdAt,
        response.expiresAt,
        response.previousId ?? null,
        response.input,
        response.response,
      );
      if (changes === 0) throw new StoreError("conflict", "Another project has a response with this id.");
    },
    getResponse(query: { readonly project: string; readonly id: string; readonly now: number }) {
      const row = get.get(query.id, query.project, query.now) as unknown as ResponseRow | undefined;
      if (row === undefined) return undefined;
      return {
        id: row.id,
        project: row.project,
        keyId: row.key_id,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        ...(row.previous_id === null ? {} : { previousId: row.previous_id }),
        input: row.input,
        response: row.response,
      } satisfies StoredResponse;
    },
    deleteResponse({ project, id }: { readonly project: string; readonly id: string }): boolean {
      return remove.run(id, project).changes > 0;
    },
    expireResponses({ now, limit }: { readonly now: number; readonly limit: number }): number {
      return Number(expire.run(now, limit).changes);
    },
  };
}

import type { DatabaseSync } from "node:sqlite";
import { type StoredKey, StoreError } from "../port.ts";

interface KeyRow {
  readonly id: string;
  readonly hash: string;
  readonly kind: StoredKey["kind"];
  readonly project: string;
  readonly name: string;
  readonly hint: string;
  readonly allowed_models: string | null;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
}

function toKey(row: KeyRow): StoredKey {
  return {
    id: row.id,
    hash: row.hash,
    kind: row.kind,
    project: row.project,
    name: row.name,
    hint: row.hint,
    ...(row.allowed_models === null ? {} : { allowedModels: JSON.parse(row.allowed_models) as string[] }),
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  };
}

export function keyStatements(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO keys (id, hash, kind, project, name, hint, allowed_models, created_at, expires_at, revoked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const select = database.prepare("SELECT * FROM keys ORDER BY created_at, id");
  const exists = database.prepare("SELECT 1 FROM keys WHERE id = ?");
  const revoke = database.prepare("UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL");
  const revise = database.prepare("UPDATE revisions SET value = value + 1 WHERE name = 'keys'");
  const revision = database.prepare("SELECT value FROM revisions WHERE name = 'keys'");
  return {
    createKey(key: StoredKey): void {
      const { changes } = insert.run(
        key.id,
        key.hash,
        key.kind,
        key.project,
        key.name,
        key.hint,
        key.allowedModels === undefined ? null : JSON.stringify(key.allowedModels),
        key.createdAt,
        key.expiresAt ?? null,
        key.revokedAt ?? null,
      );
      if (changes === 0) throw new StoreError("conflict", "A key with this id or hash is there already.");
      revise.run();
    },
    listKeys(): StoredKey[] {
      return (select.all() as unknown as KeyRow[]).map(toKey);
    },
    /** The first revocation of a key stays. */
    revokeKey({ id, at }: { readonly id: string; readonly at: number }): boolean {
      if (revoke.run(at, id).changes > 0) {
        revise.run();
        return true;
      }
      return exists.get(id) !== undefined;
    },
    keysRevision(): number {
      return Number(revision.get()?.["value"]);
    },
  };
}

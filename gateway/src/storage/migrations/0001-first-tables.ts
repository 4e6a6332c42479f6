import type { Migration } from "./migration.ts";

/**
 * Times are Unix milliseconds, amounts nano-dollars. `calls.usage` and `calls.cost` hold JSON (bigint as a decimal string); the
 * token columns repeat what sums need. Postings hang on the number of a call, not its id: numbers grow, so that new rows lie
 * side by side and a commit writes few pages.
 */
export const firstTables: Migration = {
  version: 1,
  sqlite: `
    CREATE TABLE keys (
      id TEXT PRIMARY KEY,
      hash TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      project TEXT NOT NULL,
      name TEXT NOT NULL,
      hint TEXT NOT NULL,
      allowed_models TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      revoked_at INTEGER
    ) STRICT;

    CREATE TABLE revisions (
      name TEXT PRIMARY KEY,
      value INTEGER NOT NULL
    ) STRICT;
    INSERT INTO revisions (name, value) VALUES ('keys', 0);

    CREATE TABLE calls (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      at INTEGER NOT NULL,
      ended_at INTEGER NOT NULL,
      key_id TEXT NOT NULL,
      project TEXT NOT NULL,
      model TEXT NOT NULL,
      channel TEXT NOT NULL,
      provider TEXT NOT NULL,
      dialect TEXT NOT NULL,
      stream INTEGER NOT NULL,
      input_bytes INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      error TEXT,
      attempts INTEGER NOT NULL,
      first_event_after REAL,
      usage_source TEXT NOT NULL,
      estimate_method TEXT,
      input_tokens INTEGER,
      output_tokens INTEGER,
      cache_read_tokens INTEGER,
      usage TEXT,
      free INTEGER NOT NULL,
      amount INTEGER NOT NULL,
      cost TEXT NOT NULL
    ) STRICT;
    CREATE INDEX calls_by_time ON calls (at, id);

    CREATE TABLE postings (
      call INTEGER NOT NULL REFERENCES calls (number),
      line INTEGER NOT NULL,
      account TEXT NOT NULL,
      amount INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (call, line)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE responses (
      id TEXT PRIMARY KEY,
      project TEXT NOT NULL,
      key_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      previous_id TEXT,
      input TEXT NOT NULL,
      response TEXT NOT NULL
    ) STRICT;
    CREATE INDEX responses_by_expiry ON responses (expires_at);
  `,
};

import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Milliseconds that a statement waits for another process's transaction. */
const busyTimeout = 5_000;

/**
 * A file of a data folder, readable by its owner only; both are made where they are not there. SQLite would let others
 * read what it makes itself, and gives its -wal and -shm files the mode of the database.
 */
export function privateFile(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  closeSync(openSync(file, "a", 0o600));
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return file;
}

function isBusy(error: unknown): boolean {
  // Primary result codes SQLITE_BUSY and SQLITE_LOCKED; the extended ones carry them in the low byte.
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  return code === 5 || code === 6;
}

/** SQLite does not wait for its busy timeout while it changes the journal mode: two first starts at once would collide. */
function useWriteAheadLog(database: DatabaseSync): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + busyTimeout; ; ) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error;
      Atomics.wait(sleeper, 0, 0, 5);
    }
  }
}

/** Opens for durable writes: what is committed is on disk. Blocks; for worker threads. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true });
  try {
    useWriteAheadLog(database);
    // secure_delete: an answer that was deleted leaves no text behind in the file.
    database.exec(
      "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384",
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

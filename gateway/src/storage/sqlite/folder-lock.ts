import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../port.ts";
import { privateFile } from "./database.ts";

function holder(file: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(file, "utf8"), 10)})`;
  } catch {
    return "";
  }
}

/**
 * Makes this process the only gateway on a data folder, until the returned function is called or the process ends. The lock is
 * the operating system's, held through SQLite: a dead process holds none, whatever became of its process id.
 *
 * @throws StoreError `unavailable` where another process holds it.
 */
export function lockFolder(folder: string): () => void {
  const pidFile = join(folder, "entente.pid");
  const lock = new DatabaseSync(privateFile(folder, "entente.lock"));
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    throw new StoreError(
      "unavailable",
      `Another Entente${holder(pidFile)} runs on this data folder. Stop it, or choose another folder with --data.`,
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return () => lock.close();
}

import type { DatabaseSync } from "node:sqlite";
import type { Migration } from "../migrations/migration.ts";

// "ENTE": marks the file as ours, so that another program's database is never touched.
const applicationId = 0x45_4e_54_45;

function pragma(database: DatabaseSync, name: "user_version" | "application_id"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** @throws Error with a sentence for the operator where the file is of a newer version or not ours. */
function versionOf(database: DatabaseSync, newest: number): number {
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  const tables = Number(database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.["tables"]);
  if (application !== applicationId && (tables > 0 || application !== 0)) {
    throw new Error("The database file belongs to another program. Choose another data folder.");
  }
  if (version > newest) {
    throw new Error(
      `The database has schema version ${version}, this program knows up to ${newest}. Start the newer version of Entente that wrote it, or choose another data folder.`,
    );
  }
  return version;
}

/** Brings the schema to the newest version, each step in its own transaction; safe when several processes do so at once. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  while (versionOf(database, newest) < newest) {
    database.exec("BEGIN IMMEDIATE");
    try {
      // Another process may have made the step while this one waited for the lock.
      const version = versionOf(database, newest);
      const step = migrations.find((migration) => migration.version === version + 1);
      if (step !== undefined) {
        database.exec(step.sqlite);
        database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${step.version}`);
      }
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}

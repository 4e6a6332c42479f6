import { firstTables } from "./0001-first-tables.ts";
import type { Migration } from "./migration.ts";

/** In order; the last one's version is the version of the schema. */
export const migrations: readonly Migration[] = [firstTables];

/** A step of the schema. Steps are numbered from 1 without gaps and never change once released. */
export interface Migration {
  readonly version: number;
  /** Statements for SQLite, run in one transaction. */
  readonly sqlite: string;
}

import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";

/** Kysely on an open `node:sqlite` database, for reading: every integer of a row is a bigint. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  const connection: DatabaseConnection = {
    executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return Promise.resolve({ rows: statement.all(...(parameters as SQLInputValue[])) as Row[] });
    },
    async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncGenerator<QueryResult<Row>> {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      for (const row of statement.iterate(...(parameters as SQLInputValue[]))) yield { rows: [row as Row] };
    },
  };
  const run = (statement: string) => () => Promise.resolve(database.exec(statement));
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createDriver: () => ({
      init: () => Promise.resolve(),
      acquireConnection: () => Promise.resolve(connection),
      releaseConnection: () => Promise.resolve(),
      beginTransaction: run("BEGIN"),
      commitTransaction: run("COMMIT"),
      rollbackTransaction: run("ROLLBACK"),
      destroy: () => Promise.resolve(database.close()),
    }),
  };
}

// Entry of the worker thread that reads reports.
import { Kysely } from "kysely";
import { balances, requests, usage } from "../reports.ts";
import type { Tables } from "../tables.ts";
import { openDatabase } from "./database.ts";
import { sqliteDialect } from "./kysely-dialect.ts";
import type { Operation, Result } from "./operations.ts";
import { failure, serve } from "./serve.ts";

serve((file) => {
  const database = openDatabase(file);
  database.exec("PRAGMA query_only = ON");
  const tables = new Kysely<Tables>({ dialect: sqliteDialect(database) });

  async function attempt(operation: Operation): Promise<Result> {
    try {
      switch (operation.name) {
        case "usage":
          return { ok: true, value: await usage(tables, operation.input) };
        case "requests":
          return { ok: true, value: await requests(tables, operation.input) };
        case "balances":
          return { ok: true, value: await balances(tables) };
        default:
          return failure(new Error(`No such report: ${operation.name}`));
      }
    } catch (error) {
      return failure(error);
    }
  }

  return {
    async run(round) {
      const results: Result[] = [];
      for (const operation of round) results.push(await attempt(operation));
      return results;
    },
    close: () => database.close(),
  };
});

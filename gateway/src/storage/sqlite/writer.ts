// Entry of the worker thread that writes.
import { migrations } from "../migrations/migrations.ts";
import { callStatements } from "./call-statements.ts";
import { openDatabase } from "./database.ts";
import { keyStatements } from "./key-statements.ts";
import { migrate } from "./migrate.ts";
import type { Operation, Operations, Result } from "./operations.ts";
import { responseStatements } from "./response-statements.ts";
import { failure, serve } from "./serve.ts";

const reads: ReadonlySet<keyof Operations> = new Set([
  "listKeys",
  "keysRevision",
  "postedCalls",
  "getResponse",
]);

serve((file) => {
  const database = openDatabase(file);
  migrate(database, migrations);
  const statements = {
    ...keyStatements(database),
    ...callStatements(database),
    ...responseStatements(database),
  } as unknown as Record<string, (input: unknown) => Extract<Result, { ok: true }>["value"]>;
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const save = database.prepare("SAVEPOINT operation");
  const release = database.prepare("RELEASE operation");
  const undo = database.prepare("ROLLBACK TO operation");

  function execute({ name, input }: Operation): Result {
    const statement = statements[name];
    if (statement === undefined) return failure(new Error(`No such operation: ${name}`));
    return { ok: true, value: statement(input) };
  }

  function attempt(operation: Operation): Result {
    try {
      return execute(operation);
    } catch (error) {
      return failure(error);
    }
  }

  /** One operation inside the round's transaction: what it did is undone where it fails, and the others stay. */
  function attemptSaved(operation: Operation): Result {
    save.run();
    try {
      const result = execute(operation);
      release.run();
      return result;
    } catch (error) {
      // A full disk or an input/output error ends the whole transaction: then the round as a whole has failed.
      if (!database.isTransaction) throw error;
      undo.run();
      release.run();
      return failure(error);
    }
  }

  return {
    run(round) {
      if (round.every(({ name }) => reads.has(name))) return round.map(attempt);
      try {
        begin.run();
        const results = round.map(attemptSaved);
        commit.run();
        return results;
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        const failed = { ...failure(error), reason: "unavailable" } as const;
        return round.map(() => failed);
      }
    },
    close: () => database.close(),
  };
});

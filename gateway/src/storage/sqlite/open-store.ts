import { type Clock, systemClock } from "../../core/clock.ts";
import type { Store } from "../port.ts";
import { privateFile } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import { WorkerLink } from "./worker-link.ts";

export interface SqliteStoreOptions {
  /** Made with mode 0700 where it is not there. */
  readonly folder: string;
  /** True for the gateway, of which a folder has at most one; false for commands beside it. */
  readonly sole: boolean;
  readonly clock?: Clock;
  /** A sentence for the log about a store that mends itself. */
  readonly onProblem: (message: string) => void;
}

/** Expired answers that one transaction drops. */
const expireAtOnce = 500;

/**
 * Opens the store in a data folder, making or migrating it where needed. All work is done in worker threads; this one never waits
 * for the disk.
 *
 * @throws StoreError with a sentence for the operator: another gateway runs there, the database is newer or not ours, or cannot be opened.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { folder, onProblem, clock = systemClock } = options;
  const file = privateFile(folder, "entente.db");
  const unlock = options.sole ? lockFolder(folder) : () => {};
  const writer = new WorkerLink({ entry: new URL("./writer.ts", import.meta.url), file, clock, onProblem });
  const reader = new WorkerLink({ entry: new URL("./reader.ts", import.meta.url), file, clock, onProblem });
  try {
    await writer.start();
  } catch (error) {
    unlock();
    throw error;
  }
  let readerStarted: Promise<void> | undefined;
  /** The reader costs a tenth of a second to start, and most runs never need it: it starts with the first report. */
  const report: WorkerLink["call"] = async (name, input) => {
    readerStarted ??= reader.start().catch((error: unknown) => {
      readerStarted = undefined;
      throw error;
    });
    await readerStarted;
    return reader.call(name, input);
  };
  return {
    get healthy() {
      return writer.healthy;
    },
    keys: {
      create: (key) => writer.call("createKey", key),
      list: () => writer.call("listKeys", undefined),
      revoke: (id, at) => writer.call("revokeKey", { id, at }),
      revision: () => writer.call("keysRevision", undefined),
    },
    calls: {
      post: (calls) => writer.call("postCalls", `[${calls.map(({ text }) => text).join(",")}]`, calls.length),
      posted: (ids) => writer.call("postedCalls", ids, ids.length),
      usage: (query) => report("usage", query),
      requests: (query) => report("requests", query),
      balances: () => report("balances", undefined),
    },
    responses: {
      put: (response) =>
        writer.call(
          "putResponse",
          response,
          1 + Math.ceil((response.input.length + response.response.length) / 1024),
        ),
      get: (project, id, now) => writer.call("getResponse", { project, id, now }),
      delete: (project, id) => writer.call("deleteResponse", { project, id }),
      async expire(now) {
        let expired = 0;
        for (;;) {
          const dropped = await writer.call("expireResponses", { now, limit: expireAtOnce });
          expired += dropped;
          if (dropped < expireAtOnce) return expired;
        }
      },
    },
    async close() {
      await Promise.allSettled([readerStarted]);
      await Promise.all([reader.close(), writer.close()]);
      unlock();
    },
  };
}

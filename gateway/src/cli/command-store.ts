import type { Surroundings } from "../config/config-paths.ts";
import { loadDataFolder } from "../config/load-config.ts";
import type { Store } from "../storage/port.ts";
import { openSqliteStore } from "../storage/sqlite/open-store.ts";
import type { Terminal } from "./terminal.ts";

export interface StoreFlags {
  readonly config?: string;
  readonly data?: string;
}

/** Opens the store beside a gateway that may be running on it, and closes it when `action` is done. */
export async function withStore<Result>(
  flags: StoreFlags,
  surroundings: Surroundings,
  terminal: Terminal,
  action: (store: Store) => Promise<Result>,
): Promise<Result> {
  const folder = await loadDataFolder(flags, surroundings);
  const store = await openSqliteStore({
    folder,
    sole: false,
    onProblem: (message) => terminal.note(`${message}\n`),
  });
  try {
    return await action(store);
  } finally {
    await store.close();
  }
}

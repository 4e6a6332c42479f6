import { join } from "node:path";
import type { Channel } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { type OpenLedger, openLedger } from "../ledger/open-ledger.ts";
import type { Store } from "../storage/port.ts";
import { openSqliteStore } from "../storage/sqlite/open-store.ts";
import type { Log } from "../telemetry/log.ts";

export interface Accounts {
  readonly store: Store;
  readonly ledger: OpenLedger;
}

/**
 * Opens the store and the ledger on it, in a data folder of our own.
 * @param channels those in force, for the prices of calls that a crash cut off
 */
export async function openAccounts(
  folder: string,
  clock: Clock,
  log: Log,
  channels: () => ReadonlyMap<string, Channel>,
): Promise<Accounts> {
  const store = await openSqliteStore({
    folder,
    sole: true,
    clock,
    onProblem: (message) => log.error({}, message),
  });
  try {
    const ledger = openLedger({
      folder: join(folder, "journal"),
      calls: store.calls,
      clock,
      priceOf: (channel) => channels().get(channel)?.price,
      onProblem: (message, error) => log.error({ error }, message),
      onRecovered: (calls) => log.warn({ calls }, "calls that the last run had not settled are settled now"),
    });
    return { store, ledger };
  } catch (error) {
    await store.close();
    throw error;
  }
}

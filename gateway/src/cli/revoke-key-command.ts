import type { Surroundings } from "../config/config-paths.ts";
import { systemClock } from "../core/clock.ts";
import { hashKey, isKeyShaped } from "../identity/key-format.ts";
import type { StoredKey } from "../storage/port.ts";
import { type StoreFlags, withStore } from "./command-store.ts";
import { UsageError } from "./exit-code.ts";
import { describeKey } from "./list-keys-command.ts";
import { type Terminal, writeJson } from "./terminal.ts";

export interface RevokeKeyFlags extends StoreFlags {
  readonly json?: true;
}

/** `entente keys revoke <id>`. Whoever has found a leaked key may give that in place of its id. */
export async function revokeKeyCommand(
  idOrKey: string,
  flags: RevokeKeyFlags,
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<void> {
  const now = systemClock.now();
  const revoked = await withStore(flags, surroundings, terminal, async (store): Promise<StoredKey> => {
    const key = (await store.keys.list()).find(isMeant(idOrKey));
    if (key === undefined)
      throw new UsageError("There is no such key. `entente keys list` shows the ids of all keys.");
    await store.keys.revoke(key.id, now);
    return { ...key, revokedAt: key.revokedAt ?? now };
  });
  if (flags.json === true) writeJson(terminal, describeKey(revoked, now));
  else terminal.note(`Key '${revoked.name}' (${revoked.id}, ${revoked.hint}) is revoked.\n`);
}

function isMeant(idOrKey: string): (key: StoredKey) => boolean {
  if (!isKeyShaped(idOrKey)) return ({ id }) => id === idOrKey;
  const hash = hashKey(idOrKey);
  return (key) => key.hash === hash;
}

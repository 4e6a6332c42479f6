import type { Surroundings } from "../config/config-paths.ts";
import { systemClock } from "../core/clock.ts";
import type { StoredKey } from "../storage/port.ts";
import { type StoreFlags, withStore } from "./command-store.ts";
import { formatTime } from "./format-values.ts";
import { renderTable } from "./table.ts";
import { type Terminal, writeJson } from "./terminal.ts";

export interface ListKeysFlags extends StoreFlags {
  readonly json?: true;
}

const columns = ["id", "name", "project", "kind", "key", "state", "created", "models"].map((title) => ({
  title,
}));

/** `entente keys list` */
export async function listKeysCommand(
  flags: ListKeysFlags,
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<void> {
  const keys = await withStore(flags, surroundings, terminal, (store) => store.keys.list());
  const now = systemClock.now();
  if (flags.json === true) {
    writeJson(
      terminal,
      keys.map((key) => describeKey(key, now)),
    );
    return;
  }
  if (keys.length === 0) {
    terminal.note("There are no keys yet. `entente keys create` makes one.\n");
    return;
  }
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.project,
    key.kind,
    key.hint,
    stateOf(key, now),
    formatTime(key.createdAt),
    key.kind === "admin" ? "-" : (key.allowedModels?.join(", ") ?? "all"),
  ]);
  terminal.out(renderTable(columns, rows, terminal.columns));
}

/** A key for `--json`: no hash, times in ISO 8601. */
export function describeKey(key: StoredKey, now: number): Record<string, unknown> {
  const { id, name, project, kind, hint, allowedModels, createdAt, expiresAt, revokedAt } = key;
  return {
    id,
    name,
    project,
    kind,
    hint,
    state: stateOf(key, now),
    allowedModels: allowedModels ?? null,
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    revokedAt: iso(revokedAt),
  };
}

function stateOf({ expiresAt, revokedAt }: StoredKey, now: number): string {
  if (revokedAt !== undefined) return "revoked";
  if (expiresAt === undefined) return "active";
  return expiresAt <= now ? "expired" : `until ${formatTime(expiresAt)}`;
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

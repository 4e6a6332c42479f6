import type { Surroundings } from "../config/config-paths.ts";
import { systemClock } from "../core/clock.ts";
import { randomToken } from "../core/ids.ts";
import { createKey, type NewKey } from "../identity/create-key.ts";
import { defaultProject } from "../identity/first-keys.ts";
import { isModelPattern } from "../policy/allowed-models.ts";
import { type StoreFlags, withStore } from "./command-store.ts";
import { UsageError } from "./exit-code.ts";
import { formatTime } from "./format-values.ts";
import { describeKey } from "./list-keys-command.ts";
import { readFuture } from "./read-moment.ts";
import { type Terminal, writeJson } from "./terminal.ts";

export interface CreateKeyFlags extends StoreFlags {
  readonly name?: string;
  readonly project?: string;
  readonly admin?: true;
  readonly models?: string;
  readonly expires?: string;
  readonly json?: true;
}

/** `entente keys create` */
export async function createKeyCommand(
  flags: CreateKeyFlags,
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<void> {
  const wanted = wantedKey(flags, systemClock.now());
  const sources = { clock: systemClock, random: randomToken };
  const { key, stored } = await withStore(flags, surroundings, terminal, (store) =>
    createKey(store.keys, wanted, sources),
  );
  if (flags.json === true) {
    writeJson(terminal, { key, ...describeKey(stored, systemClock.now()) });
    return;
  }
  const until = stored.expiresAt === undefined ? "" : `, until ${formatTime(stored.expiresAt)} UTC`;
  const place = stored.kind === "admin" ? "the control API" : `project ${stored.project}`;
  terminal.note(`Key '${stored.name}' (${stored.id}) for ${place}${until}. It is shown only this once:\n`);
  terminal.out(`${key}\n`);
}

function wantedKey(flags: CreateKeyFlags, now: number): NewKey {
  const kind = flags.admin === true ? "admin" : "project";
  if (kind === "admin" && flags.models !== undefined)
    throw new UsageError("--models: an admin key opens the control API only; it calls no models");
  return {
    kind,
    project: label("--project", flags.project ?? defaultProject),
    name: label("--name", flags.name ?? `${kind} key`),
    ...(flags.models === undefined ? {} : { allowedModels: modelPatterns(flags.models) }),
    ...(flags.expires === undefined ? {} : { expiresAt: readFuture("--expires", flags.expires, now) }),
  };
}

function label(flag: string, text: string): string {
  if (/^[^\p{C}]{1,100}$/u.test(text) && text.trim() === text) return text;
  throw new UsageError(`${flag}: expected 1 to 100 printable characters without blanks around them`);
}

function modelPatterns(list: string): string[] {
  const patterns = list.split(",").map((pattern) => pattern.trim());
  for (const pattern of patterns) {
    if (!isModelPattern(pattern))
      throw new UsageError(
        `--models: expected names or prefixes such as openai/*, with commas between; got '${pattern}'`,
      );
  }
  return [...new Set(patterns)];
}

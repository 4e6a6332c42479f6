import type { Clock } from "../core/clock.ts";
import type { RandomToken } from "../core/ids.ts";
import type { Store, StoredKey } from "../storage/port.ts";
import { generateKey, hashKey, type KeyKind, keyHint } from "./key-format.ts";

export interface NewKey {
  readonly kind: KeyKind;
  readonly project: string;
  readonly name: string;
  /** Model and route names or `prefix/*`; absent: all. */
  readonly allowedModels?: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAt?: number;
}

export interface CreatedKey {
  /** The key itself: to be shown once, kept nowhere. */
  readonly key: string;
  readonly stored: StoredKey;
}

/** Makes a key and stores its hash. Resolves when it is on disk. */
export async function createKey(
  keys: Pick<Store["keys"], "create">,
  wanted: NewKey,
  sources: { readonly clock: Clock; readonly random: RandomToken },
): Promise<CreatedKey> {
  const key = generateKey(wanted.kind, sources.random);
  const stored: StoredKey = {
    id: `key_${sources.random(12)}`,
    hash: hashKey(key),
    hint: keyHint(key),
    createdAt: sources.clock.now(),
    ...wanted,
  };
  await keys.create(stored);
  return { key, stored };
}

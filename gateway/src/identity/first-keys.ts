import type { Clock } from "../core/clock.ts";
import type { RandomToken } from "../core/ids.ts";
import type { Store } from "../storage/port.ts";
import { createKey } from "./create-key.ts";

/** Project of the first key, and of every key that names no other. */
export const defaultProject = "default";

/** The two keys of a new installation: to be shown once, kept nowhere. */
export interface FirstKeys {
  readonly project: string;
  readonly admin: string;
}

/** Makes a first project key and a first admin key where the store has no key at all, revoked ones included. */
export async function createFirstKeys(
  keys: Pick<Store["keys"], "create" | "list">,
  sources: { readonly clock: Clock; readonly random: RandomToken },
): Promise<FirstKeys | undefined> {
  if ((await keys.list()).length > 0) return undefined;
  const make = (kind: "project" | "admin") =>
    createKey(keys, { kind, project: defaultProject, name: `first ${kind} key` }, sources);
  const project = await make("project");
  const admin = await make("admin");
  return { project: project.key, admin: admin.key };
}

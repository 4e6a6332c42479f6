import type { ProviderSettings } from "../core/provider-settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one look at the environment gave. */
export interface Finding {
  readonly settings?: ProviderSettings;
  readonly hints?: readonly string[];
}

const printable = /^[\u0021-\u007e]{1,4096}$/;

/** A key of a vendor, without blanks around it; hints where the variable is set and its value cannot be one. */
export function readKey(
  environment: Environment,
  name: string,
): { readonly key?: string; readonly hints: readonly string[] } {
  const key = (environment[name] ?? "").trim();
  if (key === "") return { hints: [] };
  // Applications that talk to this gateway have its key in the vendor's variable.
  if (key.startsWith("ent-")) return { hints: [`${name} holds a key of this gateway, not of the vendor`] };
  return printable.test(key)
    ? { key, hints: [] }
    : { hints: [`${name} does not hold a key: it has blanks or controls`] };
}

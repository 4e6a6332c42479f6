import type { ProviderSettings } from "../../core/provider-settings.ts";
import { isSettableHeader } from "../request-head.ts";

/**
 * The headers of every call to a provider: its configured ones, then `own`, which win. Lower-case names.
 * @throws Error where one cannot be sent; its message has no value in it
 */
export function callHeaders(
  settings: ProviderSettings,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of [...Object.entries(settings.headers ?? {}), ...Object.entries(own)]) {
    const lower = name.toLowerCase();
    if (!isSettableHeader(lower, value))
      throw new Error(`provider '${settings.id}': the header '${lower}' cannot be sent with that value`);
    headers[lower] = value;
  }
  return Object.freeze(headers);
}

/** `authorization: Bearer`, where there is a key. */
export function bearer(apiKey: string | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}

import type { ChatDialectId, Extra } from "../core/extra.ts";
import type { JsonObject } from "../core/json.ts";
import type { Losses } from "../core/loss.ts";

/**
 * The fields to put back where `extra` came from this dialect; in any other each field is a loss.
 *
 * Spread the result (never `Object.assign`): spreading defines properties, so that a field named `__proto__` is only
 * a field. Spread it first, so that what was unified wins.
 *
 * @param path of the object that has the extra, with a trailing dot: `messages[2].`; "" for the body.
 */
export function extraFields(
  extra: Extra | undefined,
  dialect: ChatDialectId,
  losses: Losses,
  path: string,
): JsonObject | undefined {
  if (extra === undefined) return undefined;
  if (extra.dialect === dialect) return extra.fields;
  for (const key of Object.keys(extra.fields)) losses.add(`${path}extra.${key}`);
  return undefined;
}

import type { Extra } from "../../core/extra.ts";
import type { Json, JsonObject } from "../../core/json.ts";

const prefix = "message.";

/**
 * An assistant's message item has no counterpart in the neutral form: its content is parts of the turn. Fields of the
 * item itself (`phase`) are kept with each text part under the name `message.<field>`.
 */
export function withMessageFields(extra: Extra | undefined, item: Extra | undefined): Extra | undefined {
  if (item === undefined) return extra;
  const fields = Object.entries(item.fields).map(([key, value]): [string, Json] => [prefix + key, value]);
  return { dialect: item.dialect, fields: { ...extra?.fields, ...Object.fromEntries(fields) } };
}

/** Tells fields of the message item from those of the content part. */
export function splitMessageFields(fields: JsonObject | undefined): {
  readonly item: JsonObject;
  readonly content: JsonObject;
} {
  const item: [string, Json][] = [];
  const content: [string, Json][] = [];
  for (const [key, value] of Object.entries(fields ?? {})) {
    if (key.startsWith(prefix)) item.push([key.slice(prefix.length), value]);
    else content.push([key, value]);
  }
  return { item: Object.fromEntries(item), content: Object.fromEntries(content) };
}

import type { Extra } from "../../core/extra.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Reader } from "../reader.ts";
import { id } from "./id.ts";

/**
 * The dialect wraps some objects in another (`tools[].function`, `choices[].message`) that are one thing in the
 * neutral form. What is left of the inner object is kept under its name among what is left of the outer one.
 */
export function nestedRest(outer: Reader, key: string, inner: Reader | undefined): Extra | undefined {
  const outerRest = outer.rest(id);
  const innerRest = inner?.rest(id);
  if (innerRest === undefined) return outerRest;
  return { dialect: id, fields: { ...outerRest?.fields, [key]: innerRest.fields } };
}

/** Takes the fields apart again. */
export function unnest(
  fields: JsonObject | undefined,
  key: string,
): { readonly outer: JsonObject | undefined; readonly inner: JsonObject | undefined } {
  if (fields === undefined || !Object.hasOwn(fields, key)) return { outer: fields, inner: undefined };
  const { [key]: inner, ...outer } = fields;
  return isJsonObject(inner) ? { outer, inner } : { outer: fields, inner: undefined };
}

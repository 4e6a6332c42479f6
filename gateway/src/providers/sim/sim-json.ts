import { Fault } from "../../core/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { numberFor, stringFor } from "./sim-scalars.ts";

/** Optional properties are given this deep only, so that a schema that contains itself comes to an end. */
const optionalDepth = 2;
const deepest = 32;
const mostValues = 5000;

interface Walk {
  readonly root: JsonObject;
  values: number;
}

/**
 * A value valid for a JSON Schema, the same each time: required keys, enums, bounds, arrays, unions and local
 * references. Not: `pattern`, `not`, conditions, remote references.
 * @throws Fault `invalid_request` where the schema is too deep or too large to fill
 */
export function valueFor(schema: Json | undefined): Json {
  const root = isJsonObject(schema) ? schema : {};
  return valueAt(schema ?? {}, 0, { root, values: 0 });
}

function valueAt(given: Json, depth: number, walk: Walk): Json {
  walk.values += 1;
  if (depth > deepest || walk.values > mostValues)
    throw new Fault("invalid_request", {
      detail: "The JSON Schema is too deep or too large for the simulator.",
    });
  const schema = resolved(given, walk);
  if (Object.hasOwn(schema, "const")) return schema["const"] ?? null;
  const options = schema["enum"];
  if (Array.isArray(options) && options.length > 0) return options[0] ?? null;
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(union) && union.length > 0) return valueAt(simplest(union, depth), depth + 1, walk);
  switch (typeOf(schema, depth)) {
    case "object":
      return objectFor(schema, depth, walk);
    case "array":
      return arrayFor(schema, depth, walk);
    case "string":
      return stringFor(schema);
    case "integer":
      return numberFor(schema, true);
    case "number":
      return numberFor(schema, false);
    case "boolean":
      return true;
    default:
      return null;
  }
}

/** Follows local references and merges `allOf`; `true` and whatever is no schema allow anything. */
function resolved(given: Json, walk: Walk, level = 0): JsonObject {
  let schema = isJsonObject(given) ? given : {};
  for (let hops = 0; typeof schema["$ref"] === "string"; hops += 1) {
    const target = hops > deepest ? undefined : pointed(walk.root, schema["$ref"]);
    if (!isJsonObject(target))
      throw new Fault("invalid_request", { detail: "The JSON Schema has a `$ref` that leads nowhere." });
    schema = target;
  }
  const all = schema["allOf"];
  if (!Array.isArray(all)) return schema;
  if (level > deepest)
    throw new Fault("invalid_request", { detail: "The JSON Schema's `allOf` never ends." });
  const own: JsonObject = { ...schema, allOf: null };
  return all.reduce<JsonObject>((merged, each) => {
    walk.values += 1;
    if (walk.values > mostValues)
      throw new Fault("invalid_request", { detail: "The JSON Schema is too large." });
    return merge(merged, resolved(each, walk, level + 1));
  }, own);
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = { ...left, ...right };
  if (isJsonObject(left["properties"]) && isJsonObject(right["properties"]))
    merged["properties"] = { ...left["properties"], ...right["properties"] };
  if (Array.isArray(left["required"]) && Array.isArray(right["required"]))
    merged["required"] = [...left["required"], ...right["required"]];
  return merged;
}

/** A JSON Pointer in a fragment: `#`, `#/$defs/node`. RFC 6901. */
function pointed(root: JsonObject, reference: string): Json | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let at: Json | undefined = root;
  for (const step of reference.slice(2).split("/")) {
    const key = unescaped(step);
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as JsonObject)[key];
  }
  return at;
}

function unescaped(step: string): string {
  const plain = step.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** The first branch; deep down the one that ends soonest. */
function simplest(branches: readonly Json[], depth: number): Json {
  if (depth <= optionalDepth) return branches[0] ?? {};
  const weights = { null: 0, boolean: 1, integer: 1, number: 1, string: 1 } as Readonly<
    Record<string, number>
  >;
  const weight = (branch: Json): number => {
    const type = isJsonObject(branch) ? branch["type"] : undefined;
    return typeof type === "string" ? (weights[type] ?? 2) : 3;
  };
  return branches.reduce((best, each) => (weight(each) < weight(best) ? each : best));
}

function typeOf(schema: JsonObject, depth: number): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    const chosen = depth > optionalDepth && type.includes("null") ? "null" : type[0];
    return typeof chosen === "string" ? chosen : "null";
  }
  if (schema["items"] !== undefined || schema["prefixItems"] !== undefined) return "array";
  if (schema["minLength"] !== undefined || schema["format"] !== undefined) return "string";
  if (schema["minimum"] !== undefined || schema["maximum"] !== undefined) return "number";
  return "object";
}

function objectFor(schema: JsonObject, depth: number, walk: Walk): JsonObject {
  // No prototype: a property may be called `__proto__`.
  const value = Object.create(null) as JsonObject;
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  for (const name of Object.keys(properties)) {
    if (depth < optionalDepth || required.includes(name))
      value[name] = valueAt(properties[name] ?? {}, depth + 1, walk);
  }
  for (const name of required) {
    if (typeof name === "string" && !Object.hasOwn(value, name))
      value[name] = valueAt(schema["additionalProperties"] ?? {}, depth + 1, walk);
  }
  return value;
}

function arrayFor(schema: JsonObject, depth: number, walk: Walk): Json[] {
  const prefix = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
  const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
  const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : Number.POSITIVE_INFINITY;
  const wish = depth < optionalDepth && schema["items"] !== false ? prefix.length + 1 : 0;
  const length = Math.min(Math.max(least, wish), most);
  const value: Json[] = [];
  for (let index = 0; index < length; index += 1)
    value.push(valueAt(prefix[index] ?? schema["items"] ?? {}, depth + 1, walk));
  return value;
}

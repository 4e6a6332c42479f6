import type { Json } from "../../src/core/json.ts";
import type { Draw } from "./neutral-values.ts";

/** The same JSON with one place, drawn at random, replaced by `junk` or removed. The outermost value stays. */
export function mutated(value: Json, draw: Draw, junk: Json): Json {
  if (typeof value !== "object" || value === null) return junk;
  const keys: string[] = Object.keys(value);
  const key = keys[draw(Math.max(keys.length, 1))];
  if (key === undefined) return value;
  const inner = (value as Record<string, Json>)[key] ?? null;
  const replacement =
    typeof inner === "object" && inner !== null && draw(3) > 0 ? mutated(inner, draw, junk) : junk;
  const remove = draw(4) === 0 && replacement === junk;
  if (Array.isArray(value)) {
    const index = Number(key);
    return remove ? value.toSpliced(index, 1) : value.with(index, replacement);
  }
  const entries = Object.entries(value).filter(([name]) => !(remove && name === key));
  return Object.fromEntries(entries.map(([name, old]) => [name, name === key ? replacement : old]));
}

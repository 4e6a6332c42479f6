import type { Json } from "../../src/core/json.ts";

function draw(random: Iterator<number>, below: number): number {
  return (random.next().value as number) % below;
}

/** The same JSON with one place, drawn at random, replaced by `junk` or removed. The outermost value stays. */
export function mutated(value: Json, random: Iterator<number>, junk: Json): Json {
  if (typeof value !== "object" || value === null) return junk;
  const keys: string[] = Object.keys(value);
  const key = keys[draw(random, Math.max(keys.length, 1))];
  if (key === undefined) return value;
  const inner = (value as Record<string, Json>)[key] ?? null;
  const replacement =
    typeof inner === "object" && inner !== null && draw(random, 3) > 0 ? mutated(inner, random, junk) : junk;
  const remove = draw(random, 4) === 0 && replacement === junk;
  if (Array.isArray(value)) {
    const index = Number(key);
    return remove ? value.toSpliced(index, 1) : value.with(index, replacement);
  }
  const entries = Object.entries(value).filter(([name]) => !(remove && name === key));
  return Object.fromEntries(entries.map(([name, old]) => [name, name === key ? replacement : old]));
}

import type { Config } from "../config/config.ts";
import type { Json, JsonObject } from "../core/json.ts";

/** Setting names whose values nobody gets to see again. */
const secretNames = new Set(["apiKey", "headers"]);

/** The configuration as JSON, with every credential masked and bigints as decimal text. */
export function settingsView(config: Config): JsonObject {
  return mask(config) as JsonObject;
}

function mask(value: unknown): Json {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== "object" || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, secretNames.has(name) ? "[set]" : mask(each)]),
  );
}

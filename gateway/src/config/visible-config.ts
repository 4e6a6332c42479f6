import type { JsonObject } from "../core/json.ts";
import type { Config } from "./config.ts";

const hidden = "(hidden)";

/** The settings in force as JSON, with every credential masked. Prices as nano-dollars per million in decimal text. */
export function visibleConfig(config: Config): JsonObject {
  const text = JSON.stringify(config, (key, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    if (key === "apiKey") return hidden;
    if (key === "headers" && typeof value === "object" && value !== null)
      return Object.fromEntries(Object.keys(value).map((name) => [name, hidden]));
    return value;
  });
  return JSON.parse(text) as JsonObject;
}

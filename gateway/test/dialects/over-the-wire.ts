import type { JsonObject } from "../../src/core/json.ts";

/** What the other side reads of it. */
export function overTheWire(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}

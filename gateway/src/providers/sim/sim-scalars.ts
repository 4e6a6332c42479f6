import { Fault } from "../../core/fault.ts";
import type { Json, JsonObject } from "../../core/json.ts";

/** One value for each `format` of JSON Schema that vendors accept in structured output. */
const formats: ReadonlyMap<Json | undefined, string> = new Map([
  ["date-time", "2026-01-02T03:04:05Z"],
  ["date", "2026-01-02"],
  ["time", "03:04:05Z"],
  ["duration", "PT1H"],
  ["email", "sim@example.com"],
  ["hostname", "example.com"],
  ["uri", "https://example.com/"],
  ["uuid", "00000000-0000-4000-8000-000000000000"],
  ["ipv4", "192.0.2.1"],
  ["ipv6", "2001:db8::1"],
]);

const longest = 100_000;

/** A string of a legal length. Characters, not bytes. */
export function stringFor(schema: JsonObject): string {
  const format = formats.get(schema["format"]);
  if (format !== undefined) return format;
  const least = bound(schema["minLength"], 0);
  const most = bound(schema["maxLength"], Number.POSITIVE_INFINITY);
  if (least > longest)
    throw new Fault("invalid_request", {
      detail: "The JSON Schema asks for a string too long for the simulator.",
    });
  return "simulated".padEnd(least, "-").slice(0, most);
}

/** The number nearest to 1 that is legal. */
export function numberFor(schema: JsonObject, whole: boolean): number {
  const step = whole ? Math.max(1, bound(schema["multipleOf"], 1)) : bound(schema["multipleOf"], 0);
  const gap = whole ? 1 : 1e-3;
  const low = Math.max(
    bound(schema["minimum"], Number.NEGATIVE_INFINITY),
    bound(schema["exclusiveMinimum"], Number.NEGATIVE_INFINITY) + gap,
  );
  const high = Math.min(
    bound(schema["maximum"], Number.POSITIVE_INFINITY),
    bound(schema["exclusiveMaximum"], Number.POSITIVE_INFINITY) - gap,
  );
  const wish = Math.min(Math.max(1, low), high);
  if (step === 0) return wish;
  const up = Math.ceil(wish / step) * step;
  return up <= high ? up : Math.floor(wish / step) * step;
}

function bound(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { CacheMarker } from "../../core/part.ts";
import type { Reader } from "../reader.ts";

/** Takes `cache_control` where it is of the known kind; any other stays among the extra fields. */
export function readCache(reader: Reader): CacheMarker | undefined {
  const marker = reader.peek("cache_control");
  if (!isJsonObject(marker)) {
    reader.optionalJson("cache_control");
    return undefined;
  }
  const { type, ttl, ...others } = marker;
  if (type !== "ephemeral" || Object.keys(others).length > 0) return undefined;
  if (ttl !== undefined && ttl !== null && ttl !== "5m" && ttl !== "1h") return undefined;
  reader.take("cache_control");
  return ttl === undefined || ttl === null ? {} : { ttl };
}

/** The field to spread into a block, a tool or a result. */
export function cacheField(cache: CacheMarker | undefined): { cache_control?: JsonObject } {
  if (cache === undefined) return {};
  return { cache_control: { type: "ephemeral", ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}

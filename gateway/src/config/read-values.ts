// How the scalars of entente.yaml are written. Each reader takes what YAML gave and answers undefined where it is not
// that kind of value; numbers may come as text, because `${ENV}` always gives text.

const durationUnits = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

const sizeUnits = new Map([
  ["B", 1],
  ["KB", 1000],
  ["MB", 1000 ** 2],
  ["GB", 1000 ** 3],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
]);

function readUnits(value: unknown, units: ReadonlyMap<string, number>): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(value.trim());
  if (match === null) return undefined;
  const unit = match[2] === "" ? 1 : units.get(match[2] ?? "");
  if (unit === undefined) return undefined;
  const amount = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** `30s`, `500ms`, `1.5h`, `30d`, or a number of milliseconds -> milliseconds. */
export function readDuration(value: unknown): number | undefined {
  return readUnits(value, durationUnits);
}

/** `64 MiB`, `10MB`, or a number of bytes -> bytes. */
export function readSize(value: unknown): number | undefined {
  return readUnits(value, sizeUnits);
}

/** A finite number, as a number or as decimal text. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

export function readInteger(value: unknown): number | undefined {
  const number = readNumber(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** A date (`2026-11-01`, midnight UTC) or a time with its zone (`2026-11-01T08:00:00Z`) -> Unix milliseconds. */
export function readTime(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(value);
  if (match === null) return undefined;
  const [, year, month, day] = match.map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  // Date.parse takes 31 February for 3 March.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * USD per million units, as decimal text or a number -> nano-dollars per million units, exactly. Undefined where it
 * is negative, not a decimal, above a billion dollars, or finer than a nano-dollar.
 */
export function readUsd(value: unknown): bigint | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  const match = /^(\d{1,30})(?:\.(\d{1,30}))?(?:e([+-]?\d{1,2}))?$/i.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? "";
  const digits = BigInt((match[1] ?? "") + fraction);
  const shift = 9 + Number(match[3] ?? 0) - fraction.length;
  const divisor = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  if (digits % divisor !== 0n) return undefined;
  const amount = shift < 0 ? digits / divisor : digits * 10n ** BigInt(shift);
  return amount <= 10n ** 18n ? amount : undefined;
}

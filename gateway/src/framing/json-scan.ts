const quote = 0x22;
const backslash = 0x5c;

/** Where a top-level value stands in the bytes of a JSON object: `from` inclusive, `to` exclusive. */
export interface ValueRange {
  readonly from: number;
  readonly to: number;
}

export interface ObjectScan {
  /** Deepest nesting; 1 for a flat object. */
  readonly depth: number;
  /** Ranges of the wanted top-level keys that are present, by the last occurrence, as `JSON.parse` reads it. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
  /** A wanted key stands more than once: vendors differ in which one they read, so the bytes must not be passed on. */
  readonly repeated: boolean;
  /** Offset just behind the opening brace; undefined where the bytes are not an object. */
  readonly bodyStart: number | undefined;
}

/**
 * One pass over the bytes of a JSON document that finds top-level values and the depth, without building anything.
 * On malformed JSON the result means nothing, but the scan ends and never throws; `JSON.parse` is the judge.
 */
export function scanObject(bytes: Uint8Array, wanted: readonly string[]): ObjectScan {
  const ranges = new Map<string, ValueRange>();
  let repeated = false;
  let depth = 0;
  let deepest = 0;
  let bodyStart: number | undefined;
  let key: string | undefined;
  let valueFrom = -1;
  let valueTo = -1;

  const close = () => {
    if (key !== undefined && key !== "" && valueFrom !== -1) {
      if (ranges.has(key)) repeated = true;
      ranges.set(key, { from: valueFrom, to: valueTo });
    }
    key = undefined;
    valueFrom = -1;
  };

  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte <= 0x20) continue;
    if (depth === 1 && key !== undefined && valueFrom === -1 && byte !== 0x3a) valueFrom = at;
    switch (byte) {
      case quote: {
        const end = stringEnd(bytes, at);
        if (depth === 1 && key === undefined) key = keyText(bytes, at, end, wanted);
        at = end;
        valueTo = end + 1;
        break;
      }
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        if (depth > deepest) deepest = depth;
        if (bodyStart === undefined && depth === 1 && byte === 0x7b) bodyStart = at + 1;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (depth === 1) close();
        depth -= 1;
        valueTo = at + 1;
        break;
      case 0x2c: // ,
        if (depth === 1) close();
        break;
      case 0x3a: // :
        break;
      default:
        valueTo = at + 1;
    }
  }
  return { depth: deepest, ranges, repeated, bodyStart };
}

/** Offset of the closing quote of the string that opens at `from`. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let end = bytes.indexOf(quote, from + 1);
  while (end !== -1) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = bytes.indexOf(quote, end + 1);
  }
  return bytes.length;
}

/** The key between the quotes; an escaped spelling of a wanted key counts as that key. "" for any other. */
function keyText(bytes: Uint8Array, from: number, end: number, wanted: readonly string[]): string {
  const raw = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + from,
    Math.min(end + 1, bytes.length) - from,
  ).toString();
  let key = raw.slice(1, -1);
  if (raw.includes("\\")) {
    try {
      key = JSON.parse(raw) as string;
    } catch {
      return "";
    }
  }
  return wanted.includes(key) ? key : "";
}

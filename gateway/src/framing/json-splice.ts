import type { JsonObject } from "../core/json.ts";
import type { ObjectScan } from "./json-scan.ts";

/**
 * The same JSON document with some top-level fields set, everything else byte for byte as it was. The fields must
 * be among those that the scan looked for, none of them repeated.
 */
export function spliceFields(bytes: Uint8Array, scan: ObjectScan, fields: JsonObject): Uint8Array {
  const edits: { from: number; to: number; text: string }[] = [];
  for (const [key, value] of Object.entries(fields)) {
    const range = scan.ranges.get(key);
    const text = JSON.stringify(value);
    if (range !== undefined) edits.push({ ...range, text });
    else if (scan.bodyStart !== undefined)
      edits.push({ from: scan.bodyStart, to: scan.bodyStart, text: `${JSON.stringify(key)}:${text},` });
  }
  edits.sort((a, b) => a.from - b.from);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const edit of edits) {
    pieces.push(bytes.subarray(from, edit.from), Buffer.from(edit.text));
    from = edit.to;
  }
  pieces.push(bytes.subarray(from));
  return Buffer.concat(pieces);
}

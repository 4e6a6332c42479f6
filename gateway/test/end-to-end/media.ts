import { createHash } from "node:crypto";

/** A PNG of one pixel, as base64. */
export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** The smallest text that starts and ends as a PDF does. */
export const pdf = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
).toString("base64");

/** How the simulator names a file that it received. */
export function fingerprint(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  return `${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
}

import type { Frame } from "../core/dialect.ts";

/** A frame as server-sent event text. Data with line breaks becomes several `data:` lines. */
export function sseText(frame: Frame): string {
  const data = frame.data.includes("\n") ? frame.data.replaceAll("\n", "\ndata: ") : frame.data;
  return frame.event === undefined ? `data: ${data}\n\n` : `event: ${frame.event}\ndata: ${data}\n\n`;
}

/** A comment that clients ignore; keeps a connection from looking idle. */
export function sseComment(comment: string): string {
  return `: ${comment.replaceAll(/[\r\n]+/g, " ")}\n\n`;
}

/** Unix milliseconds -> `2026-11-23 08:15` in UTC. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ");
}

/** A count; `-` where it is not known. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? "-" : count.toLocaleString("en-US");
}

import type { ChatEvent } from "../../src/core/event.ts";

/**
 * What is wrong with the order of a stream's events, undefined where nothing is: `start` once and first (but for vendors' own frames), in each
 * choice one part after the other counting from 0, then one `finish`; `end` or `error` once and last.
 */
export function disorder(events: readonly ChatEvent[]): string | undefined {
  const next = new Map<number, number>();
  const open = new Map<number, number>();
  const finished = new Set<number>();
  let started = false;
  for (const [at, event] of events.entries()) {
    const where = `event ${at} (${event.type})`;
    if (event.type === "vendor") continue;
    if (event.type === "error") return at === events.length - 1 ? undefined : `${where} is not the last`;
    if ((event.type === "start") === started) return `${where}: start is first and only first`;
    started = true;
    if (event.type === "end") {
      if (at !== events.length - 1) return `${where} is not the last`;
      if (open.size > 0) return `${where}: a part is still open`;
      for (const choice of next.keys())
        if (!finished.has(choice)) return `${where}: choice ${choice} has not finished`;
      return undefined;
    }
    if (event.type === "start") continue;
    if (finished.has(event.choice)) return `${where}: choice ${event.choice} has finished`;
    if (event.type === "finish") {
      if (open.has(event.choice)) return `${where}: a part is still open`;
      next.set(event.choice, 0);
      finished.add(event.choice);
    } else if (event.type === "part_start") {
      if (open.has(event.choice)) return `${where}: another part is still open`;
      if (event.index !== (next.get(event.choice) ?? 0))
        return `${where}: index ${event.index} is out of turn`;
      next.set(event.choice, event.index + 1);
      open.set(event.choice, event.index);
    } else {
      if (open.get(event.choice) !== event.index) return `${where}: part ${event.index} is not open`;
      if (event.type === "part_end") open.delete(event.choice);
    }
  }
  return "neither end nor error came";
}

import { readDuration, readTime } from "../config/read-values.ts";
import { UsageError } from "./exit-code.ts";

const expected = "a date (2026-12-31), a time (2026-12-31T08:00:00Z) or a duration (30d, 12h)";

/** A moment ahead, as a date, a time or a duration from now -> Unix milliseconds. @throws UsageError */
export function readFuture(flag: string, text: string, now: number): number {
  const moment = readTime(text) ?? shifted(text, now, 1);
  if (moment === undefined || moment <= now)
    throw new UsageError(`${flag}: expected ${expected} that is still to come; got '${text}'`);
  return moment;
}

/** A moment past or present, as a date, a time or a duration before now -> Unix milliseconds. @throws UsageError */
export function readPast(flag: string, text: string, now: number): number {
  const moment = readTime(text) ?? shifted(text, now, -1);
  if (moment === undefined) throw new UsageError(`${flag}: expected ${expected}; got '${text}'`);
  return moment;
}

/** A bare number could as well be meant as a year or a timestamp, so a duration needs its unit here. */
function shifted(text: string, now: number, direction: 1 | -1): number | undefined {
  const duration = /[a-z]$/.test(text) ? readDuration(text) : undefined;
  return duration === undefined ? undefined : now + direction * duration;
}

/** Durations in microseconds. */
export interface Durations {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What the load tool saw. Counts are of the whole run; rates and durations of its timed part. */
export interface LoadResult {
  readonly calls: number;
  /** Answers that were whole, in order, properly ended and the call's own. */
  readonly right: number;
  readonly wrong: number;
  readonly broken: number;
  readonly unfinished: number;
  readonly connects: number;
  /** Most streams at once that had begun and not ended. */
  readonly peakStreams: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly events: number;
  readonly seconds: number;
  readonly callsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly latency: Durations | null;
  readonly firstEvent: Durations | null;
  readonly lag: Durations | null;
}

const numbers = [
  "calls",
  "right",
  "wrong",
  "broken",
  "unfinished",
  "connects",
  "peakStreams",
  "events",
  "seconds",
] as const;

/**
 * The last line that the load tool printed.
 * @throws Error where there is none, or where one answer was not right: numbers of a run with wrong answers mean nothing.
 */
export function parseLoadResult(output: string): LoadResult {
  const line = output
    .trimEnd()
    .split("\n")
    .findLast((text) => text.startsWith('{"calls"'));
  if (line === undefined) throw new Error(`The load tool printed no result:\n${output.slice(-2000)}`);
  const result = JSON.parse(line) as LoadResult;
  for (const name of numbers) {
    if (!Number.isFinite(result[name])) throw new Error(`The load tool's result has no ${name}: ${line}`);
  }
  if (result.calls === 0 || result.right !== result.calls) {
    const problem = /^first problem: .*$/m.exec(output)?.[0] ?? "";
    throw new Error(
      `Of ${result.calls} calls ${result.right} had the right answer (${result.wrong} wrong, ` +
        `${result.broken} broken, ${result.unfinished} unfinished). ${problem}`,
    );
  }
  return result;
}

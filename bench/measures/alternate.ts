import type { Subject } from "../subject.ts";

/** What each subject gave in each pair, by the subject's name. */
export type Series<Result> = ReadonlyMap<Subject["name"], readonly Result[]>;

/** Measures all subjects one after another, again and again; every other time in the reverse order. */
export async function alternate<Result>(
  subjects: readonly Subject[],
  pairs: number,
  measure: (subject: Subject) => Promise<Result>,
): Promise<Series<Result>> {
  const series = new Map<Subject["name"], Result[]>(subjects.map(({ name }) => [name, []]));
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const subject of pair % 2 === 0 ? subjects : subjects.toReversed()) {
      series.get(subject.name)?.push(await measure(subject));
    }
  }
  return series;
}

/** One number of every result of a subject; empty where the subject was not there. */
export function pick<Result>(
  series: Series<Result>,
  name: Subject["name"],
  value: (result: Result) => number,
): number[] {
  return (series.get(name) ?? []).map((result) => value(result));
}

import type { Durations } from "../load-result.ts";
import { below, type Row } from "../row.ts";
import { median } from "../statistics.ts";
import { alternate, pick } from "./alternate.ts";
import { proxies, type Setting } from "./setting.ts";

/** What each adds to a call when there is only one at a time, over calling the upstream directly. */
export async function measureLatency(setting: Setting): Promise<Row[]> {
  const seconds = 1;
  const subjects = [setting.direct, ...proxies(setting)];
  const series = await alternate(subjects, setting.pairs, async (subject) => {
    const { latency } = await setting.load.run(subject, { connections: 1, warmup: 1, seconds });
    if (latency === null) throw new Error(`${subject.name} answered no call in ${seconds} s`);
    return latency;
  });
  const added = (
    name: "entente" | "nginx",
    percentile: (durations: Durations) => number,
  ): number | undefined => {
    const direct = pick(series, "direct", percentile);
    const through = pick(series, name, percentile);
    return through.length === 0
      ? undefined
      : median(through.map((value, pair) => (value - direct[pair]!) / 1000));
  };
  return (["p50", "p99"] as const).map((percentile) => {
    const gateway = added("entente", (durations) => durations[percentile])!;
    const nginx = added("nginx", (durations) => durations[percentile]);
    return {
      name: `Added latency, one call at a time, ${percentile}`,
      unit: "ms",
      gateway,
      ...(nginx === undefined ? {} : { nginx }),
      ...(percentile === "p50" ? { goal: below(gateway, 0.5, "under 0.5 ms") } : {}),
    };
  });
}

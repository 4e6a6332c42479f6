import { cpuSeconds } from "../process-tree.ts";
import { atLeast, type Row } from "../row.ts";
import { alternate } from "./alternate.ts";
import { compare } from "./compare.ts";
import { proxies, type Setting } from "./setting.ts";

/** Calls a second, not streamed, as many as go; and how much of its core the subject used for them. */
export async function measureCalls(setting: Setting, connections: number): Promise<Row[]> {
  const seconds = setting.quick ? 1 : 3;
  const series = await alternate(proxies(setting), setting.pairs, async (subject) => {
    const cpuBefore = cpuSeconds(subject.pid!);
    const before = performance.now();
    const { callsPerSecond } = await setting.load.run(subject, { connections, warmup: 1, seconds });
    const elapsed = (performance.now() - before) / 1000;
    return { callsPerSecond, busy: ((cpuSeconds(subject.pid!) - cpuBefore) / elapsed) * 100 };
  });
  const calls = compare(`Calls, ${connections} at once`, "/s", series, (result) => result.callsPerSecond);
  const busy = compare(`  share of a core used for them`, "%", series, (result) => result.busy);
  const { ratio: _, ...shares } = busy;
  return [{ ...calls, goal: atLeast(calls.ratio, 0.18, "at least 0.18 of nginx") }, shares];
}

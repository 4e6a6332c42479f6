import { cpuSeconds } from "../process-tree.ts";
import { atLeast, type Row } from "../row.ts";
import { alternate } from "./alternate.ts";
import { compare } from "./compare.ts";
import { proxies, type Setting } from "./setting.ts";

/** Calls a second, not streamed, as many as go; and the same for each second of CPU, which a busy machine changes less. */
export async function measureCalls(setting: Setting, connections: number): Promise<Row[]> {
  const seconds = setting.quick ? 1 : 2;
  const series = await alternate(proxies(setting), setting.pairs, async (subject) => {
    const before = cpuSeconds(subject.pid!);
    const { calls, callsPerSecond } = await setting.load.run(subject, { connections, warmup: 1, seconds });
    return { callsPerSecond, perCpuSecond: calls / (cpuSeconds(subject.pid!) - before) };
  });
  const calls = compare(`Calls, ${connections} at once`, "/s", series, (result) => result.callsPerSecond);
  return [
    { ...calls, goal: atLeast(calls.ratio, 0.18, "at least 0.18 of nginx") },
    compare("  for each second of its CPU", "/s", series, (result) => result.perCpuSecond),
  ];
}

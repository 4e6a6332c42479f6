import { cpuSeconds } from "../process-tree.ts";
import { atMost, type Row } from "../row.ts";
import { alternate } from "./alternate.ts";
import { compare } from "./compare.ts";
import { proxies, type Setting } from "./setting.ts";

const streams = 500;
const eventsPerSecond = 50;
/** Not a multiple of the event rate: the streams' events spread evenly over time instead of coming in step. */
const opensPerSecond = 487;

/** CPU for each event, opening the streams and settling them included; and how late an event arrives. */
export async function measureStreams(setting: Setting): Promise<Row[]> {
  const chunks = eventsPerSecond * (setting.quick ? 3 : 5);
  const series = await alternate(proxies(setting), setting.pairs, async (subject) => {
    const before = cpuSeconds(subject.pid!);
    const { events, lag } = await setting.load.run(subject, {
      connections: streams,
      rate: opensPerSecond,
      once: true,
      stream: { chunks, intervalMicroseconds: 1_000_000 / eventsPerSecond },
    });
    if (lag === null) throw new Error(`${subject.name} relayed no event`);
    return { cpu: ((cpuSeconds(subject.pid!) - before) / events) * 1e6, lag };
  });
  const cpu = compare(
    `CPU per event, ${streams} streams x ${eventsPerSecond}/s`,
    "us",
    series,
    (result) => result.cpu,
  );
  return [
    { ...cpu, goal: atMost(cpu.ratio, 3, "at most 3 x nginx") },
    compare("  lag of an event, p50", "ms", series, (result) => result.lag.p50 / 1000),
    compare("  lag of an event, p99", "ms", series, (result) => result.lag.p99 / 1000),
  ];
}

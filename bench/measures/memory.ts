import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { residentMebibytes } from "../process-tree.ts";
import { below, type Row } from "../row.ts";
import type { Subject } from "../subject.ts";
import { proxies, type Setting } from "./setting.ts";

const wanted = 5000;
/** Files that a subject has open besides two for each stream. */
const otherFiles = 300;
const opensPerSecond = 997;

/** The hard limit: the load tool, nginx and Node all raise their own soft limit to it. */
export function hardFileLimit(limits: string): number {
  const hard = /^Max open files\s+\d+\s+(\d+|unlimited)/m.exec(limits)?.[1];
  return hard === undefined || hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}

/** The greatest resident memory while the streams are open, each with one event a second. */
async function peakOf(setting: Setting, subject: Subject, streams: number): Promise<number> {
  let peak = 0;
  const opening = Math.ceil(streams / opensPerSecond);
  await setting.load.run(
    subject,
    {
      connections: streams,
      rate: opensPerSecond,
      once: true,
      stream: { chunks: opening + (setting.quick ? 3 : 5), intervalMicroseconds: 1_000_000 },
    },
    async (load) => {
      while (!load.hasEnded) {
        peak = Math.max(peak, residentMebibytes(subject.pid!));
        await delay(250);
      }
    },
  );
  return peak;
}

/** Resident memory with many streams open. Measured once: it does not depend on the machine's mood. */
export async function measureMemory(setting: Setting): Promise<Row[]> {
  const limit = hardFileLimit(readFileSync("/proc/self/limits", "latin1"));
  const streams = Math.min(wanted, Math.floor((limit - otherFiles) / 2));
  const peaks = new Map<Subject["name"], number>();
  for (const subject of proxies(setting)) peaks.set(subject.name, await peakOf(setting, subject, streams));
  const gateway = peaks.get("entente")!;
  const nginx = peaks.get("nginx");
  const judged = streams === wanted ? gateway : undefined;
  const text = judged === undefined ? `not judged: ulimit -n is ${limit}` : "under 400 MiB";
  return [
    {
      name: `Memory, ${streams} open streams`,
      unit: "MiB",
      gateway,
      ...(nginx === undefined ? {} : { nginx }),
      goal: below(judged, 400, text),
    },
  ];
}

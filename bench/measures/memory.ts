import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { residentMebibytes } from "../process-tree.ts";
import { below, type Row } from "../row.ts";
import type { Subject } from "../subject.ts";
import type { Setting } from "./setting.ts";

const wanted = 5000;
/** Files that a subject has open besides two for each stream. */
const otherFiles = 300;
const opensPerSecond = 997;

/** The hard limit: the load tool, nginx and Node all raise their own soft limit to it. */
export function hardFileLimit(limits: string): number {
  const hard = /^Max open files\s+\d+\s+(\d+|unlimited)/m.exec(limits)?.[1];
  return hard === undefined || hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}

interface Peak {
  readonly mebibytes: number;
  readonly streams: number;
}

/** The greatest resident memory and number of streams; each stream has one event a second and outlasts the opening. */
async function peakOf(setting: Setting, subject: Subject, streams: number): Promise<Peak> {
  let mebibytes = 0;
  const opening = Math.ceil(streams / opensPerSecond);
  const { peakStreams } = await setting.load.run(
    subject,
    {
      connections: streams,
      rate: opensPerSecond,
      once: true,
      stream: { chunks: 2 * opening + 4, intervalMicroseconds: 1_000_000 },
    },
    async (load) => {
      while (!load.hasEnded) {
        mebibytes = Math.max(mebibytes, residentMebibytes(subject.pid!));
        await delay(250);
      }
    },
  );
  return { mebibytes, streams: peakStreams };
}

/** Resident memory with many streams open. Measured once: it does not depend on the machine's mood. */
export async function measureMemory(setting: Setting): Promise<Row[]> {
  const limit = hardFileLimit(readFileSync("/proc/self/limits", "latin1"));
  const streams = Math.min(wanted, Math.floor((limit - otherFiles) / 2));
  const gateway = await peakOf(setting, setting.gateway, streams);
  const nginx = setting.nginx === undefined ? undefined : await peakOf(setting, setting.nginx, streams);
  const goal =
    gateway.streams < wanted
      ? { text: `not judged: ${wanted} were never open at once (ulimit -n is ${limit})` }
      : below(gateway.mebibytes, 400, "under 400 MiB");
  return [
    {
      name: `Memory, ${gateway.streams} open streams`,
      unit: "MiB",
      gateway: gateway.mebibytes,
      ...(nginx === undefined ? {} : { nginx: nginx.mebibytes }),
      goal,
    },
  ];
}

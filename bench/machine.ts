import { statfsSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { cores } from "./child.ts";
import { nginxVersion } from "./nginx.ts";

/** TMPFS_MAGIC of statfs(2). */
const memoryFilesystem = 0x01021994;

/** What the numbers depend on, one fact a line. `directory` is where the ledger is. */
export function machineFacts(directory: string): string[] {
  const processors = cpus();
  return [
    `${processors[0]?.model ?? "unknown CPU"}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `Node ${process.versions.node}, ${nginxVersion() ?? "no nginx"}`,
    cores === undefined
      ? "Not pinned: one core or no taskset; tools and subject share what there is."
      : `What is measured runs on core ${cores.subject}, upstream and load tool on core ${cores.tools}.`,
    statfsSync(directory).type === memoryFilesystem
      ? "The ledger is in memory (tmpfs): its writes cost less than on a disk."
      : "The ledger is on a disk.",
  ];
}

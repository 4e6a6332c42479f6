import { readdirSync, readFileSync } from "node:fs";

/** Linux tells user space its clock ticks in hundredths of a second on every platform that Node runs on. */
export const ticksPerSecond = 100;

interface ProcessStatus {
  readonly parent: number;
  readonly cpuSeconds: number;
}

/** One line of /proc/<pid>/stat (proc_pid_stat(5)); the name in parentheses may itself hold spaces and parentheses. */
export function parseProcessStatus(line: string): ProcessStatus {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), cpuSeconds: (field(14) + field(15)) / ticksPerSecond };
}

function statusOf(pid: number): ProcessStatus | undefined {
  try {
    return parseProcessStatus(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined; // it ended between the listing and the reading
  }
}

/** The process and all that descend from it, the process itself first. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const status = Number.isInteger(pid) ? statusOf(pid) : undefined;
    if (status !== undefined) parents.set(pid, status.parent);
  }
  const tree = [root];
  for (const member of tree) {
    for (const [pid, parent] of parents) if (parent === member) tree.push(pid);
  }
  return tree;
}

/** User and system time of the whole tree, in seconds. */
export function cpuSeconds(root: number): number {
  return processTree(root).reduce((sum, pid) => sum + (statusOf(pid)?.cpuSeconds ?? 0), 0);
}

/** Resident memory of the whole tree, in MiB. */
export function residentMebibytes(root: number): number {
  return processTree(root).reduce((sum, pid) => sum + residentOf(pid), 0);
}

function residentOf(pid: number): number {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0; // it ended between the listing and the reading
  }
}

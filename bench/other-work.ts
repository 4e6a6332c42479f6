import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { ticksPerSecond } from "./process-tree.ts";

/**
 * Time of all processes: the first line of /proc/stat (proc_stat(5)), in seconds. Interrupts are counted with it, since
 * a process that sends over loopback has their time in its own.
 */
export function parseMachineTime(text: string): number {
  const [, user, nice, system, , , interrupts, softInterrupts] = text.split(/\s+/, 8).map(Number);
  return (user! + nice! + system! + interrupts! + softInterrupts!) / ticksPerSecond;
}

/** Our own time and that of every child that has ended and was waited for, theirs included; in seconds. */
export function parseFamilyTime(line: string): number {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

function othersSoFar(): number {
  const machine = parseMachineTime(readFileSync("/proc/stat", "latin1"));
  return machine - parseFamilyTime(readFileSync("/proc/self/stat", "latin1"));
}

/** Share of the machine that other processes took since this was called; to be asked once all children have ended. */
export function watchOtherWork(): () => number {
  const before = othersSoFar();
  const since = performance.now();
  return () =>
    Math.max(0, (othersSoFar() - before) / ((performance.now() - since) / 1000) / availableParallelism());
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { hardFileLimit } from "../measures/memory.ts";
import { parseFamilyTime, parseMachineTime } from "../other-work.ts";
import { parseProcessStatus, processTree, residentMebibytes } from "../process-tree.ts";

const line = "42 (a) name (x) S 7 42 42 0 -1 4194560 900 10 0 0 150 50 25 75 20 0 1 0 5 1000 200 1";

it("reads parent and times behind a name with spaces and parentheses", () => {
  expect(parseProcessStatus(line)).toEqual({ parent: 7, cpuSeconds: 2 });
});

it("adds the times of children that have ended", () => {
  expect(parseFamilyTime(line)).toBe(3);
});

it("counts interrupts as work of the machine, and idle or stolen time not", () => {
  expect(parseMachineTime("cpu  100 50 250 99999 5 6 7 8 0 0\ncpu0 1 2 3 4\n")).toBe(4.13);
});

it("reads the hard limit of open files", () => {
  const text = (hard: string): string =>
    `Max processes  1 2 processes\nMax open files            1024                 ${hard}    files\n`;
  expect(hardFileLimit(text("20000"))).toBe(20_000);
  expect(hardFileLimit(text("unlimited"))).toBe(Number.POSITIVE_INFINITY);
});

it.runIf(process.platform === "linux")("finds a child and what it holds in memory", async () => {
  const child = spawn(process.execPath, ["-e", "console.log(1); process.stdin.resume()"], { stdio: "pipe" });
  await once(child.stdout, "data");
  expect(processTree(process.pid)).toContain(child.pid);
  expect(residentMebibytes(child.pid!)).toBeGreaterThan(10);
  child.kill();
  await once(child, "exit");
  expect(processTree(process.pid)).not.toContain(child.pid);
});

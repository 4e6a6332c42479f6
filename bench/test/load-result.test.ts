import { expect, it } from "vitest";
import { loadWords } from "../load.ts";
import { parseLoadResult } from "../load-result.ts";

const good = {
  calls: 10,
  right: 10,
  wrong: 0,
  broken: 0,
  unfinished: 0,
  connects: 2,
  peakStreams: 0,
  statuses: { "200": 10 },
  events: 0,
  seconds: 1,
  callsPerSecond: 10,
  eventsPerSecond: 0,
  latency: null,
  firstEvent: null,
  lag: null,
};

const printed = (changes: object): string => `warning: x\n${JSON.stringify({ ...good, ...changes })}\n`;

it("reads the line with the result", () => {
  expect(parseLoadResult(printed({}))).toEqual(good);
});

it("takes no numbers from a run with an answer that was not right, and tells the first problem", () => {
  const output = `first problem: call 7: the connection broke\n${printed({ right: 9, broken: 1 })}`;
  expect(() => parseLoadResult(output)).toThrow(/10 calls 9 had.*1 broken.*first problem: call 7/);
});

it("takes no numbers from a run without calls", () => {
  expect(() => parseLoadResult(printed({ calls: 0, right: 0 }))).toThrow(/Of 0 calls/);
});

it("says what was printed where there is no result", () => {
  expect(() => parseLoadResult("connect: Connection refused\n")).toThrow(
    /no result:\nconnect: Connection refused/,
  );
});

it("refuses a result that lacks a count", () => {
  expect(() => parseLoadResult(printed({ events: null }))).toThrow(/has no events/);
});

it("gives the load tool only what the plan says", () => {
  const subject = { name: "nginx", port: 7, model: "m" } as const;
  expect(loadWords(subject, { connections: 2, once: true, rate: 5 })).toEqual([
    "load",
    "--port",
    "7",
    "--model",
    "m",
    "--connections",
    "2",
    "--rate",
    "5",
    "--once",
    "1",
  ]);
});

it("sends the key and asks for streams", () => {
  const subject = { name: "entente", port: 7, model: "m", header: "authorization: Bearer k" } as const;
  const words = loadWords(subject, { connections: 1, stream: { chunks: 3, intervalMicroseconds: 20 } });
  expect(words.join(" ")).toContain("--header authorization: Bearer k");
  expect(words.join(" ")).toContain("--chunks 3 --interval-us 20");
});

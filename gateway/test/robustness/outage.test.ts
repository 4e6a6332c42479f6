import { expect, it } from "vitest";
import { runOutage } from "./outage-run.ts";

it("no client sees that a channel is out: calls hop, few of them twice, and it is used again when it is back", async () => {
  const report = await runOutage({ rate: 50, outage: 1500, recovery: 8000 });
  expect(report.failures).toEqual([]);
  expect(report.calls).toBeGreaterThan(80);
  expect(report.extraAttempts).toBeGreaterThan(0);
  expect(report.extraAttempts).toBeLessThanOrEqual(report.calls * 0.2);
  // The breaker keeps nearly all of the load away while the channel is out.
  expect(report.struck).toBeLessThan(20);
  expect(report.states[0]).toBe("closed");
  expect(report.states).toContain("open");
  expect(report.recoveredAfter).toBeTypeOf("number");
  expect(report.servedByFirst).toBe(1);

  // The log tells of every hop where it began, why, and what was done.
  expect(report.hopped.length).toBeGreaterThan(0);
  for (const id of report.hopped) {
    const lines = report.log.filter(({ requestId }) => requestId === id);
    expect(lines.map(({ msg }) => msg)).toEqual(["attempt failed", "call"]);
    const [hop, call] = lines;
    expect(hop).toMatchObject({
      channel: "first/m",
      decision: "next",
      code: expect.stringMatching(/^provider_/),
    });
    expect(hop?.["status"] ?? hop?.["reason"]).toBeDefined();
    expect(call).toMatchObject({ channel: "second/m", outcome: "success", attempts: 2 });
  }
});

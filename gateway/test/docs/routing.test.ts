import { describe, expect, onTestFinished, test } from "vitest";
import { defaultBackoffPolicy } from "../../src/routing/backoff.ts";
import { defaultHealthPolicy } from "../../src/routing/health.ts";
import { defaultRetryBudgetPolicy } from "../../src/routing/retry-budget.ts";
import { loadText } from "../config/config-folder.ts";
import { openGateway } from "../end-to-end/open-gateway.ts";
import { readPage } from "./page.ts";

async function gatewayWith(config: string) {
  const gateway = await openGateway({ config });
  onTestFinished(() => gateway.stop());
  return (model: string) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
    });
}

describe("routing.md", () => {
  test("a route's deadlines go over a channel's, and those over its provider's", async () => {
    const call = await gatewayWith(`
providers: {slow: {kind: sim, deadlines: {firstEvent: 50ms}}}
channels: [{provider: slow, upstream: text, model: patient, deadlines: {firstEvent: 20s}}]
routes: {hasty: {steps: [slow/text], attempts: 1, deadlines: {firstEvent: 50ms}}}
`);
    const answers = await Promise.all(
      ["slow/text?latency=400", "slow/echo?latency=20000", "hasty?latency=20000"].map(call),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 504, 504]);
  });

  test("the numbers of the page are those in force", async () => {
    const page = readPage("routing.md").replaceAll(/\s+/g, " ");
    const health = defaultHealthPolicy;
    const seconds = (milliseconds: number) => milliseconds / 1000;
    for (const sentence of [
      `random, up to ${defaultBackoffPolicy.first} ms, doubling with each attempt up to ${seconds(defaultBackoffPolicy.longest)} s`,
      `never above ${seconds(defaultBackoffPolicy.longestRetryAfter)} s`,
      `at most ${defaultRetryBudgetPolicy.floor} retries and one more for every ${["zero", "one", "two", "three", "four", "five"][1 / defaultRetryBudgetPolicy.ratio]} calls (${defaultRetryBudgetPolicy.ratio})`,
      `after ${health.consecutiveFailures} failures in a row, or where at least half of ${health.minimumCalls} or more calls in ${seconds(health.window)} seconds failed`,
      `for ${seconds(health.openFor) / 2} to ${seconds(health.openFor)} seconds at first`,
      `up to ${seconds(health.longestOpen)} seconds`,
      `rests for that long, up to ${seconds(health.longestRest) / 60} minutes`,
    ])
      expect(page).toContain(sentence);
    expect([health.failureRate, health.probes, health.probesToClose]).toEqual([0.5, 1, 2]);
  });

  test("the deadlines of the page are those in force", async () => {
    const { config } = await loadText("log: {}");
    const rows = [...readPage("routing.md").matchAll(/^\| `(\w+)` \|.*\| (\d+)([sm]) \|$/gm)].map(
      ([, name, count, unit]) => [name, Number(count) * (unit === "m" ? 60_000 : 1000)],
    );
    expect(Object.fromEntries(rows)).toEqual({ ...config.deadlines });
  });
});

// An upstream that fails for a minute under 50 calls a second, for real: `node gateway/scripts/outage.ts [seconds]`.
// Ends with 1 where a client saw an error.
import { runOutage } from "../test/robustness/outage-run.ts";

const seconds = Number(process.argv[2] ?? 60);
const report = await runOutage({ rate: 50, outage: seconds * 1000, recovery: 30_000 });
const { calls, failures, extraAttempts, struck, states, recoveredAfter, servedByFirst, hopped, durations } =
  report;
const at = (share: number) => durations[Math.floor((durations.length - 1) * share)]?.toFixed(1);

console.log(
  `${calls} calls, ${failures.length} of them failed for their client; the channel was out for ${seconds} s`,
);
console.log(
  `${extraAttempts} extra attempts (${((100 * extraAttempts) / calls).toFixed(2)} %); ${struck} calls met the outage`,
);
console.log(`breaker: ${states.join(" > ")}`);
console.log(
  `used again ${recoveredAfter?.toFixed(0) ?? "never"} ms after the outage; then ${100 * servedByFirst} % of the calls went there`,
);
console.log(`milliseconds of a call: p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`);
for (const failure of failures.slice(0, 5)) console.log(`failed: ${failure}`);
console.log("hops in the log:");
for (const line of report.log.filter(({ requestId }) => hopped.slice(0, 3).includes(String(requestId))))
  console.log(JSON.stringify(line));
process.exitCode = failures.length === 0 ? 0 : 1;

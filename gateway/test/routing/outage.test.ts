import { expect, test } from "vitest";
import { CandidateWalk } from "../../src/routing/candidate-walk.ts";
import { HealthBook } from "../../src/routing/health.ts";
import type { Lease } from "../../src/routing/lease.ts";
import { RetryBudget } from "../../src/routing/retry-budget.ts";
import { decideRetry } from "../../src/routing/retry-decision.ts";
import { channel, seeded } from "./channels.ts";

/** Runs actions at their whole milliseconds, in order, without waiting. */
class Timeline {
  now = 0;
  readonly #actions = new Map<number, (() => void)[]>();

  at(at: number, action: () => void): void {
    const present = this.#actions.get(at);
    if (present === undefined) this.#actions.set(at, [action]);
    else present.push(action);
  }

  run(until: number): void {
    for (this.now = 0; this.now < until; this.now += 1) {
      for (const action of this.#actions.get(this.now) ?? []) action();
    }
  }
}

const [first, second] = [channel("first/model"), channel("second/model")];
const seconds = 1000;

/** Two channels under 50 calls/s for two minutes, the first of them failing from 30 s to 90 s. */
function simulate(failingTakes: number, seed: number) {
  const time = new Timeline();
  const random = seeded(seed);
  const health = new HealthBook({ now: () => time.now, random });
  const budget = new RetryBudget();
  const seen = { calls: 0, served: 0, givenUp: 0, toFailing: 0, afterRecovery: 0 };

  const attempt = (walk: CandidateWalk, lease: Lease | undefined, made: number) => {
    if (lease === undefined) {
      seen.givenUp += 1;
      return;
    }
    const fails = lease.channel === first && time.now >= 30 * seconds && time.now < 90 * seconds;
    if (fails) seen.toFailing += 1;
    if (lease.channel === first && time.now > 110 * seconds) seen.afterRecovery += 1;
    time.at(time.now + (fails ? failingTakes : 100), () => {
      if (fails) lease.failure("provider_unavailable");
      else lease.success(100);
      lease.release();
      if (!fails) {
        seen.served += 1;
        return;
      }
      const standing = {
        attempt: made,
        attempts: 3,
        othersLeft: walk.othersLeft,
        budget: budget.allows(time.now),
        remaining: 60 * seconds,
      };
      if (decideRetry({ code: "provider_unavailable", hints: {} }, standing, random).action !== "next") {
        seen.givenUp += 1;
        return;
      }
      budget.spend(time.now);
      attempt(walk, walk.next(), made + 1);
    });
  };
  for (let call = 0; call < 120 * 50; call += 1) {
    time.at(call * 20, () => {
      seen.calls += 1;
      budget.callStarted(time.now);
      const walk = new CandidateWalk([first, second], health);
      attempt(walk, walk.next(), 1);
    });
  }
  time.run(130 * seconds);
  return seen;
}

test.each([
  ["at once", 1],
  ["after 200 ms", 200],
  ["after a second", 1000],
])("no call is lost while a channel fails %s for a minute under 50 calls/s", (_, failingTakes) => {
  for (const seed of [1, 2, 3]) {
    const seen = simulate(failingTakes, seed);
    expect(seen).toMatchObject({ calls: 6000, served: 6000, givenUp: 0 });
    // 3,000 calls came in that minute: the breaker kept nearly all of them away from the failing channel.
    expect(seen.toFailing).toBeLessThan(150);
    // The channel is back 15 seconds after its recovery at the latest: the last 10 seconds bring it 500 calls.
    expect(seen.afterRecovery).toBeGreaterThan(490);
  }
});

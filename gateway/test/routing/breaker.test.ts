import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Breaker, type BreakerPolicy, defaultBreakerPolicy, type Pass } from "../../src/routing/breaker.ts";

const policy: BreakerPolicy = { ...defaultBreakerPolicy, openFor: 1000, longestOpen: 8000, probes: 2 };

function opened(now = 0, random = () => 1): Breaker {
  const breaker = new Breaker(policy, random);
  const pass = breaker.enter(now);
  if (pass === undefined) throw new Error("a new breaker is closed");
  breaker.trip(pass, now);
  return breaker;
}

function call(breaker: Breaker, now: number, good: boolean): boolean {
  const pass = breaker.enter(now);
  if (pass === undefined) return false;
  if (good) breaker.succeeded(pass, now);
  else breaker.failed(pass, now);
  return true;
}

describe("a breaker", () => {
  test("opens after failures in a row, which one success interrupts", () => {
    const breaker = new Breaker(policy, () => 1);
    for (const good of [false, false, false, false, true, false, false, false, false]) call(breaker, 0, good);
    expect(breaker.state(0)).toBe("closed");
    call(breaker, 0, false);
    expect(breaker.state(0)).toBe("open");
  });

  test("opens at the failure rate once there are enough calls, and forgets what is older than the window", () => {
    const alternate = (breaker: Breaker, times: number, now: number) => {
      for (let index = 0; index < times; index += 1) call(breaker, now, index % 2 === 0);
    };
    const busy = new Breaker(policy, () => 1);
    alternate(busy, 18, 0);
    expect(busy.state(0)).toBe("closed");
    alternate(busy, 2, 0);
    expect(busy.state(0)).toBe("open");
    const slow = new Breaker(policy, () => 1);
    alternate(slow, 18, 0);
    alternate(slow, 2, policy.window + 1);
    expect(slow.state(policy.window + 1)).toBe("closed");
    expect(slow.counts(policy.window + 1)).toEqual({ failures: 1, calls: 2 });
  });

  test("admits nothing while open, then a bounded number of probes", () => {
    const breaker = opened();
    expect(breaker.openUntil(0)).toBe(1000);
    expect(breaker.enter(999)).toBeUndefined();
    expect([1, 2, 3].map(() => breaker.enter(1000)?.probe)).toEqual([true, true, undefined]);
    expect(breaker.openUntil(1000)).toBeUndefined();
  });

  test("closes after enough good probes", () => {
    const breaker = opened();
    call(breaker, 1000, true);
    expect(breaker.state(1000)).toBe("half_open");
    call(breaker, 1000, true);
    expect(breaker.state(1000)).toBe("closed");
  });

  test("opens for longer after each failed probe, up to the longest, and starts anew once it recovered", () => {
    const breaker = opened();
    const lengths: number[] = [];
    let now = 0;
    for (let round = 0; round < 6; round += 1) {
      now = breaker.openUntil(now) ?? Number.NaN;
      call(breaker, now, false);
      lengths.push((breaker.openUntil(now) ?? Number.NaN) - now);
    }
    expect(lengths).toEqual([2000, 4000, 8000, 8000, 8000, 8000]);
    now = breaker.openUntil(now) ?? Number.NaN;
    call(breaker, now, true);
    call(breaker, now, true);
    const pass = breaker.enter(now);
    if (pass !== undefined) breaker.trip(pass, now);
    expect(breaker.openUntil(now)).toBe(now + 1000);
  });

  test("opens for between half and the whole of the time, by chance", () => {
    expect(opened(0, () => 0).openUntil(0)).toBe(500);
    expect(opened(0, () => 0.5).openUntil(0)).toBe(750);
  });

  test("gives a probe's place back when its outcome says nothing", () => {
    const breaker = opened();
    const passes = [breaker.enter(1000), breaker.enter(1000)];
    if (passes[0] !== undefined) breaker.abstained(passes[0]);
    expect(breaker.state(1000)).toBe("half_open");
    expect(breaker.enter(1000)?.probe).toBe(true);
    expect(breaker.enter(1000)).toBeUndefined();
  });

  test("ignores the outcomes of calls from before it opened", () => {
    const breaker = new Breaker(policy, () => 1);
    const early = [1, 2].flatMap(() => breaker.enter(0) ?? []);
    for (let index = 0; index < 5; index += 1) call(breaker, 0, false);
    breaker.state(1000);
    for (const pass of early) breaker.succeeded(pass, 1000);
    expect(breaker.state(1000)).toBe("half_open");
    for (const pass of early) breaker.failed(pass, 1000);
    expect(breaker.state(1000)).toBe("half_open");
  });
});

/** What is expected of the breaker, told as simply as it can be. */
interface Model {
  now: number;
  open: Pass[];
}

class Wait implements fc.Command<Model, Breaker> {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
  check = () => true;
  run(model: Model): void {
    model.now += this.milliseconds;
  }
  toString = () => `wait ${this.milliseconds}`;
}

class Enter implements fc.Command<Model, Breaker> {
  check = () => true;
  run(model: Model, breaker: Breaker): void {
    const state = breaker.state(model.now);
    const pass = breaker.enter(model.now);
    const probesOut = model.open.filter((other) => other.probe && other.era === pass?.era).length;
    if (state === "closed") expect(pass?.probe).toBe(false);
    if (state === "open") expect(pass).toBeUndefined();
    if (state === "half_open" && pass !== undefined) {
      expect(pass.probe).toBe(true);
      expect(probesOut).toBeLessThan(policy.probes);
    }
    if (pass !== undefined) model.open.push(pass);
  }
  toString = () => "enter";
}

class Tell implements fc.Command<Model, Breaker> {
  readonly which: number;
  readonly verdict: "succeeded" | "failed" | "abstained" | "trip";
  constructor(which: number, verdict: "succeeded" | "failed" | "abstained" | "trip") {
    this.which = which;
    this.verdict = verdict;
  }
  check = (model: Readonly<Model>) => model.open.length > 0;
  run(model: Model, breaker: Breaker): void {
    const [pass] = model.open.splice(this.which % model.open.length, 1);
    if (pass === undefined) return;
    const before = breaker.state(model.now);
    breaker[this.verdict](pass, model.now);
    const after = breaker.state(model.now);
    const until = breaker.openUntil(model.now);
    if (this.verdict === "succeeded")
      expect([before, before === "half_open" ? "closed" : before]).toContain(after);
    if (this.verdict === "abstained") expect(after).toBe(before);
    if (until !== undefined) expect(until - model.now).toBeLessThanOrEqual(policy.longestOpen);
    if (before === "open") expect(after).toBe("open");
  }
  toString = () => `${this.verdict} ${this.which}`;
}

test("whatever happens, it passes through its states only as it should and bounds its probes", () => {
  const verdict = fc.constantFrom("succeeded", "failed", "failed", "abstained", "trip");
  const commands = fc.commands(
    [
      fc.integer({ min: 0, max: 5000 }).map((milliseconds) => new Wait(milliseconds)),
      fc.constant(new Enter()),
      fc.constant(new Enter()),
      fc.tuple(fc.nat(20), verdict).map(([which, what]) => new Tell(which, what)),
    ],
    { maxCommands: 120 },
  );
  fc.assert(
    fc.property(commands, (run) => {
      fc.modelRun(() => ({ model: { now: 0, open: [] }, real: new Breaker(policy, () => 0.5) }), run);
    }),
    { numRuns: 200 },
  );
});

test("a breaker whose calls have all ended always takes calls again in the end", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (outcomes) => {
      const breaker = new Breaker(policy, () => 1);
      let now = 0;
      for (const good of outcomes) {
        call(breaker, now, good);
        now += 300;
      }
      now += policy.longestOpen;
      expect(call(breaker, now, true)).toBe(true);
      expect(call(breaker, now, true)).toBe(true);
      expect(breaker.state(now)).toBe("closed");
    }),
  );
});

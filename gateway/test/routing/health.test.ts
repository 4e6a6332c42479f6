import { describe, expect, test } from "vitest";
import type { Channel } from "../../src/core/channel.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import { CandidateWalk } from "../../src/routing/candidate-walk.ts";
import { HealthBook } from "../../src/routing/health.ts";
import { Lease } from "../../src/routing/lease.ts";
import { byId, channel } from "./channels.ts";

function setUp() {
  const time = { now: 1_000_000 };
  const book = new HealthBook({ now: () => time.now, random: () => 1 });
  const lease = (of: Channel): Lease => {
    const acquired = book.tryAcquire(of);
    if (!(acquired instanceof Lease)) throw new Error(`refused: ${acquired.reason}`);
    return acquired;
  };
  const fail = (of: Channel, code: ErrorCode, retryAfter?: number) => {
    const taken = lease(of);
    taken.failure(code, retryAfter);
    taken.release();
  };
  return { time, book, lease, fail };
}

const one = channel("a/1");

describe("the health book", () => {
  test("refuses a call above the limit in flight until one is released", () => {
    const { book, lease } = setUp();
    const limited = channel("a/1", { limits: { inFlight: 2 } });
    const first = lease(limited);
    lease(limited);
    expect(book.tryAcquire(limited)).toEqual({ channel: "a/1", reason: "busy" });
    first.release();
    first.release();
    lease(limited);
    expect(book.tryAcquire(limited)).toMatchObject({ reason: "busy" });
    expect(book.of("a/1").inFlight).toBe(2);
  });

  test("rests a channel for as long as the provider asks, within reason", () => {
    const { book, fail, time } = setUp();
    fail(one, "provider_rate_limited", 20_000);
    expect(book.tryAcquire(one)).toEqual({ channel: "a/1", reason: "resting", retryAt: time.now + 20_000 });
    expect(book.of("a/1").unavailableUntil).toBe(time.now + 20_000);
    time.now += 20_000;
    expect(book.tryAcquire(one)).toBeInstanceOf(Lease);
    fail(one, "provider_overloaded", 86_400_000);
    expect(book.tryAcquire(one)).toMatchObject({ retryAt: time.now + 300_000 });
  });

  test("does not shorten a rest", () => {
    const { book, lease, time } = setUp();
    const [first, second] = [lease(one), lease(one)];
    first.failure("provider_rate_limited", 20_000);
    second.failure("provider_rate_limited", 10);
    expect(book.tryAcquire(one)).toMatchObject({ retryAt: time.now + 20_000 });
  });

  test.each<ErrorCode>(["provider_credentials", "provider_quota"])("opens at once on %s", (code) => {
    const { book, fail, time } = setUp();
    fail(one, code);
    expect(book.tryAcquire(one)).toEqual({ channel: "a/1", reason: "open", retryAt: time.now + 2000 });
    expect(book.of("a/1").lastFailure).toEqual({ code, at: time.now });
  });

  test.each<ErrorCode>([
    "provider_unavailable",
    "provider_timeout",
    "provider_bad_answer",
    "provider_rate_limited",
  ])("opens after five times %s in a row", (code) => {
    const { book, fail } = setUp();
    for (let times = 0; times < 4; times += 1) fail(one, code);
    expect(book.of("a/1").state).toBe("closed");
    fail(one, code);
    expect(book.of("a/1").state).toBe("open");
  });

  test.each<ErrorCode>([
    "provider_rejected",
    "context_length",
    "content_filtered",
    "client_closed",
    "internal",
  ])("does not blame the channel for %s", (code) => {
    const { book, fail } = setUp();
    for (let times = 0; times < 50; times += 1) fail(one, code);
    expect(book.of("a/1")).toEqual({ channel: "a/1", state: "closed", inFlight: 0, calls: 0, failures: 0 });
  });

  test("counts a stream that breaks after its first event as a failure too, once", () => {
    const { book, lease } = setUp();
    const taken = lease(one);
    taken.success(120);
    taken.success(120);
    taken.failure("provider_stream_broken");
    taken.failure("provider_stream_broken");
    taken.release();
    taken.failure("provider_stream_broken");
    expect(book.of("a/1")).toMatchObject({ calls: 2, failures: 1, inFlight: 0, latency: 120 });
  });

  test("lets one probe at a time try an open channel, and a released one does not block it", () => {
    const { book, fail, lease, time } = setUp();
    fail(one, "provider_credentials");
    time.now += 2000;
    const probe = lease(one);
    expect(probe.probe).toBe(true);
    expect(book.tryAcquire(one)).toEqual({ channel: "a/1", reason: "probing" });
    probe.release();
    for (let times = 0; times < 2; times += 1) {
      const next = lease(one);
      next.success(10);
      next.release();
    }
    expect(book.of("a/1").state).toBe("closed");
  });

  test("moves the average latency towards new measurements", () => {
    const { book, lease } = setUp();
    for (const milliseconds of [100, 200]) lease(one).success(milliseconds);
    expect(book.of("a/1").latency).toBeCloseTo(120);
  });

  test("keeps what is configured or in use when the configuration changes", () => {
    const { book, lease } = setUp();
    const [kept, used, gone] = [channel("k/1"), channel("u/1"), channel("g/1")];
    lease(kept).release();
    lease(used);
    lease(gone).release();
    book.retain(byId(kept));
    expect(book.snapshot().map((health) => health.channel)).toEqual(["k/1", "u/1"]);
  });
});

describe("a walk through the candidates", () => {
  test("that is not judged changes no health and is not held back by it, but counts as in flight", () => {
    const { book, fail } = setUp();
    const limited = channel("s/1", { limits: { inFlight: 1 } });
    for (let times = 0; times < 20; times += 1) {
      const lease = new CandidateWalk([limited], book, false).next();
      lease?.failure("provider_quota", 60_000);
      lease?.release();
    }
    expect(book.of("s/1")).toEqual({ channel: "s/1", state: "closed", inFlight: 0, calls: 0, failures: 0 });
    fail(limited, "provider_quota");
    const lease = new CandidateWalk([limited], book, false).next();
    lease?.success(5);
    expect(book.of("s/1")).toMatchObject({ state: "open", inFlight: 1, calls: 1 });
    expect(new CandidateWalk([limited], book, false).next()).toBeUndefined();
  });

  test("passes over channels that take no call and remembers why", () => {
    const { book, fail } = setUp();
    const two = channel("b/1");
    fail(one, "provider_quota");
    const walk = new CandidateWalk([one, two], book);
    expect(walk.next()?.channel.id).toBe("b/1");
    expect(walk.refusals).toMatchObject([{ channel: "a/1", reason: "open" }]);
    expect(walk.othersLeft).toBe(false);
    expect(walk.next()).toBeUndefined();
  });

  test("that finds none ends in a refusal with the seconds until the first is back", () => {
    const { book, fail, time } = setUp();
    const two = channel("b/1");
    fail(one, "provider_rate_limited", 30_000);
    fail(two, "provider_rate_limited", 4_500);
    const walk = new CandidateWalk([one, two], book);
    expect(walk.next()).toBeUndefined();
    expect(walk.exhausted(time.now)).toMatchObject({ code: "channels_exhausted", retryAfter: 5 });
  });

  test("that has no candidates at all names no time", () => {
    const { book } = setUp();
    expect(new CandidateWalk([], book).exhausted(0).retryAfter).toBeUndefined();
  });
});

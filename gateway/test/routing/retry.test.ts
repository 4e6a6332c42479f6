import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ErrorCode, errors } from "../../src/core/errors.ts";
import { backoffDelay, defaultBackoffPolicy } from "../../src/routing/backoff.ts";
import { defaultRetryBudgetPolicy, RetryBudget } from "../../src/routing/retry-budget.ts";
import { decideRetry, type Standing } from "../../src/routing/retry-decision.ts";
import { type RetryHints, readRetryHints } from "../../src/routing/retry-hints.ts";

const standing: Standing = { attempt: 1, attempts: 3, othersLeft: true, budget: true, remaining: 60_000 };

function decide(code: ErrorCode, more: Partial<Standing> = {}, hints: RetryHints = {}) {
  return decideRetry({ code, hints }, { ...standing, ...more }, () => 0.5);
}

describe("after a failed attempt", () => {
  test.each<ErrorCode>([
    "provider_rate_limited",
    "provider_overloaded",
    "provider_unavailable",
    "provider_timeout",
    "provider_bad_answer",
    "provider_stream_broken",
    "provider_credentials",
    "provider_quota",
    "provider_model_missing",
  ])("%s goes to the next channel at once", (code) => {
    expect(decide(code)).toEqual({ action: "next" });
  });

  test.each<ErrorCode>([
    "provider_rejected",
    "context_length",
    "content_filtered",
    "vendor_only",
    "client_closed",
    "internal",
    "shutting_down",
  ])("%s is final", (code) => {
    expect(decide(code)).toEqual({ action: "give_up", reason: "final" });
  });

  test.each<ErrorCode>(["provider_credentials", "provider_quota", "provider_model_missing"])(
    "%s is final on the only channel",
    (code) => {
      expect(decide(code, { othersLeft: false })).toEqual({ action: "give_up", reason: "final" });
    },
  );

  test("the only channel is tried again after a while", () => {
    expect(decide("provider_unavailable", { othersLeft: false })).toEqual({ action: "again", delay: 100 });
    expect(decide("provider_unavailable", { othersLeft: false, attempt: 2 })).toEqual({
      action: "again",
      delay: 200,
    });
  });

  test("the only channel is waited for as long as it asks", () => {
    const decision = decide("provider_rate_limited", { othersLeft: false }, { retryAfter: 3000 });
    expect(decision).toEqual({ action: "again", delay: 3100 });
  });

  test("a wait that is too long is left to the client", () => {
    const decision = decide("provider_rate_limited", { othersLeft: false }, { retryAfter: 10_001 });
    expect(decision).toEqual({ action: "give_up", reason: "wait" });
  });

  test("a long wait does not keep the call from the next channel", () => {
    expect(decide("provider_rate_limited", {}, { retryAfter: 60_000 })).toEqual({ action: "next" });
  });

  test("the provider's word against a retry holds for its own channel only", () => {
    const hints = { shouldRetry: false };
    expect(decide("provider_unavailable", { othersLeft: false }, hints)).toEqual({
      action: "give_up",
      reason: "final",
    });
    expect(decide("provider_unavailable", {}, hints)).toEqual({ action: "next" });
  });

  test("the provider's word for a retry holds for a rejection, on the same channel", () => {
    expect(decide("provider_rejected", {}, { shouldRetry: true })).toEqual({ action: "again", delay: 100 });
    expect(decide("content_filtered", {}, { shouldRetry: true })).toEqual({
      action: "give_up",
      reason: "final",
    });
  });

  test.each<[Partial<Standing>, string]>([
    [{ attempt: 3 }, "attempts"],
    [{ budget: false }, "budget"],
    [{ remaining: 0 }, "deadline"],
    [{ remaining: 99, othersLeft: false }, "deadline"],
  ])("%o ends it: %s", (more, reason) => {
    expect(decide("provider_unavailable", more)).toEqual({ action: "give_up", reason });
  });

  test("no error of the caller is ever sent to another channel", () => {
    const codes = Object.keys(errors) as ErrorCode[];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes.filter((code) => errors[code].owner !== "provider")),
        fc.record({
          attempt: fc.integer({ min: 1, max: 9 }),
          attempts: fc.integer({ min: 1, max: 9 }),
          othersLeft: fc.boolean(),
        }),
        (code, more) => {
          expect(decide(code, more).action).toBe("give_up");
        },
      ),
    );
  });
});

describe("a backoff", () => {
  test("is spread over the whole of a doubling time, up to the longest", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, share) => {
          const delay = backoffDelay(attempt, undefined, () => share, defaultBackoffPolicy);
          expect(delay).toBeCloseTo(share * Math.min(5000, 200 * 2 ** (attempt - 1)), 6);
        },
      ),
    );
  });
});

describe("the retry budget", () => {
  test("never lets extra attempts pass a fifth of the calls and the floor, over any window", () => {
    const step = fc.record({ wait: fc.nat(2000), calls: fc.nat(30), wanted: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new RetryBudget();
        const seen: { now: number; calls: number; extra: number }[] = [];
        let now = 0;
        for (const { wait, calls, wanted } of steps) {
          now += wait;
          for (let call = 0; call < calls; call += 1) budget.callStarted(now);
          let extra = 0;
          while (extra < wanted && budget.allows(now)) {
            budget.spend(now);
            extra += 1;
          }
          seen.push({ now, calls, extra });
          if (extra === 0) continue;
          const recent = seen.filter((entry) => now - entry.now < 9000);
          const window = seen.filter((entry) => now - entry.now < 10_000);
          const sum = (entries: typeof seen, key: "calls" | "extra") =>
            entries.reduce((total, entry) => total + entry[key], 0);
          expect(sum(recent, "extra")).toBeLessThanOrEqual(10 + 0.2 * sum(window, "calls"));
        }
      }),
    );
  });

  test("allows a few after a quiet time and a fifth of a steady load", () => {
    const budget = new RetryBudget();
    const spendAll = (now: number) => {
      let spent = 0;
      for (; budget.allows(now); spent += 1) budget.spend(now);
      return spent;
    };
    expect(spendAll(0)).toBe(10);
    for (let call = 0; call < 500; call += 1) budget.callStarted(20_000);
    expect(spendAll(20_000)).toBe(110);
    expect(spendAll(29_000)).toBe(0);
    expect(spendAll(30_000)).toBe(10);
  });

  test("of nothing allows nothing", () => {
    expect(new RetryBudget({ ...defaultRetryBudgetPolicy, ratio: 0 }).allows(0)).toBe(false);
  });
});

describe("a provider's hints", () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  test.each<[Record<string, string>, RetryHints]>([
    [{}, {}],
    [{ "retry-after": "2" }, { retryAfter: 2000 }],
    [{ "retry-after": "0" }, { retryAfter: 0 }],
    [{ "retry-after": "1.5" }, { retryAfter: 1500 }],
    [{ "retry-after-ms": "20", "retry-after": "1" }, { retryAfter: 20 }],
    [{ "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT" }, { retryAfter: 30_000 }],
    [{ "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, { retryAfter: 0 }],
    [{ "retry-after": "Mon, 23 Nov 2099 11:00:00 GMT" }, {}],
    [{ "retry-after": "-1" }, {}],
    [{ "retry-after": "1e9" }, {}],
    [{ "retry-after": "Infinity" }, {}],
    [{ "retry-after": "99999999" }, {}],
    [{ "retry-after": "soon" }, {}],
    [{ "retry-after": "S".repeat(100_000) }, {}],
    [{ "x-should-retry": "true" }, { shouldRetry: true }],
    [
      { "x-should-retry": "false", "retry-after": "1" },
      { retryAfter: 1000, shouldRetry: false },
    ],
    [{ "x-should-retry": "maybe" }, {}],
  ])("%o are read as %o", (headers, hints) => {
    expect(readRetryHints(headers, now)).toEqual(hints);
  });
});

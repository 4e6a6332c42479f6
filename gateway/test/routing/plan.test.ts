import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Channel } from "../../src/core/channel.ts";
import type { Route, RouteStep } from "../../src/core/route.ts";
import { type CallFacts, emptyPlanFault, planCall } from "../../src/routing/plan.ts";
import { byId, channel, plainFacts, seeded } from "./channels.ts";

const now = 1_000_000;

function routeOf(...steps: readonly RouteStep[]): Route {
  return { name: "r", steps, attempts: 3 };
}

function stepOf(...ids: readonly string[]): RouteStep {
  return { channels: ids.map((id) => ({ channel: id, weight: 1 })) };
}

function plan(
  route: Route,
  channels: readonly Channel[],
  facts: Partial<CallFacts> = {},
  random = seeded(1),
) {
  return planCall(route, { ...plainFacts, ...facts }, { channels: byId(...channels), now, random });
}

describe("a plan", () => {
  test("keeps the order of the steps and names a channel once", () => {
    const route = routeOf(stepOf("a/1"), stepOf("b/1"), stepOf("a/1", "c/1"));
    const { candidates } = plan(route, [channel("a/1"), channel("b/1"), channel("c/1")]);
    expect(candidates.map(({ id }) => id)).toEqual(["a/1", "b/1", "c/1"]);
  });

  test.each<[string, Partial<Channel>, Partial<CallFacts>, object]>([
    ["has no price", { price: undefined as never }, {}, { reason: "unpriced" }],
    ["is not sold yet", { from: now + 1 }, {}, { reason: "not_yet" }],
    ["is retired", { until: now }, {}, { reason: "retired" }],
    [
      "lacks features",
      { lacks: ["image", "tools"] },
      { features: ["image", "file"] },
      { reason: "lacks", detail: "image" },
    ],
  ])("leaves out a channel that %s, and says so", (_, more, facts, why) => {
    const { candidates, skipped } = plan(
      routeOf(stepOf("a/1"), stepOf("b/1")),
      [channel("a/1", more), channel("b/1")],
      facts,
    );
    expect(candidates.map(({ id }) => id)).toEqual(["b/1"]);
    expect(skipped).toEqual([{ channel: "a/1", ...why }]);
  });

  test("uses a channel from its first day to its last millisecond", () => {
    const { candidates } = plan(routeOf(stepOf("a/1")), [channel("a/1", { from: now, until: now + 1 })]);
    expect(candidates).toHaveLength(1);
  });

  test("leaves out a channel that is not configured", () => {
    expect(plan(routeOf(stepOf("gone/1")), []).skipped).toEqual([
      { channel: "gone/1", reason: "not_configured" },
    ]);
  });

  test.each<[string, NonNullable<RouteStep["when"]>, Partial<CallFacts>, string | undefined]>([
    ["large enough", { minBytes: 100 }, { bytes: 100 }, undefined],
    ["too small", { minBytes: 101 }, { bytes: 100 }, "minBytes"],
    ["small enough", { maxBytes: 100 }, { bytes: 100 }, undefined],
    ["too large", { maxBytes: 99 }, { bytes: 100 }, "maxBytes"],
    ["with the features", { features: ["tools"] }, { features: ["image", "tools"] }, undefined],
    ["without a feature", { features: ["tools", "image"] }, { features: ["tools"] }, "features: image"],
    ["with the header", { headers: { "x-tier": "gold" } }, { headers: { "x-tier": "gold" } }, undefined],
    [
      "with another header value",
      { headers: { "x-tier": "gold" } },
      { headers: { "x-tier": "Gold" } },
      "headers: x-tier",
    ],
    ["without the header", { headers: { constructor: "x" } }, {}, "headers: constructor"],
    ["of the operation", { operation: "chat" }, {}, undefined],
  ])("applies a step's condition to a request %s", (_, when, facts, unmet) => {
    const { candidates, skipped } = plan(routeOf({ ...stepOf("a/1"), when }), [channel("a/1")], facts);
    expect(candidates).toHaveLength(unmet === undefined ? 1 : 0);
    expect(skipped).toEqual(
      unmet === undefined ? [] : [{ channel: "a/1", reason: "condition", detail: unmet }],
    );
  });

  test("never uses a channel of weight 0", () => {
    const step = {
      channels: [
        { channel: "a/1", weight: 0 },
        { channel: "b/1", weight: 1 },
      ],
    };
    const { candidates } = plan(routeOf(step), [channel("a/1"), channel("b/1")]);
    expect(candidates.map(({ id }) => id)).toEqual(["b/1"]);
  });
});

describe("a weighted step", () => {
  const channels = [channel("a/1"), channel("b/1"), channel("c/1")];

  test("draws the first channel in proportion to the weights, and the second among the rest", () => {
    const weights = { "a/1": 7, "b/1": 2, "c/1": 1 };
    const step = { channels: Object.entries(weights).map(([id, weight]) => ({ channel: id, weight })) };
    const random = seeded(42);
    const firsts = new Map<string, number>();
    const secondsAfterA = new Map<string, number>();
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const [first, second] = plan(routeOf(step), channels, {}, random).candidates.map(({ id }) => id);
      firsts.set(first ?? "", (firsts.get(first ?? "") ?? 0) + 1);
      if (first === "a/1") secondsAfterA.set(second ?? "", (secondsAfterA.get(second ?? "") ?? 0) + 1);
    }
    for (const [id, weight] of Object.entries(weights)) {
      expect((firsts.get(id) ?? 0) / draws).toBeCloseTo(weight / 10, 1.7);
    }
    expect((secondsAfterA.get("b/1") ?? 0) / (firsts.get("a/1") ?? 0)).toBeCloseTo(2 / 3, 1.5);
  });

  test("gives every channel of positive weight exactly once, whatever the weights and the draw", () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.tuple(weight, weight, weight), fc.integer(), (weights, seed) => {
        const step = {
          channels: channels.map(({ id }, index) => ({ channel: id, weight: weights[index] ?? 0 })),
        };
        const drawn = plan(routeOf(step), channels, {}, seeded(seed)).candidates.map(({ id }) => id);
        const positive = step.channels.filter((entry) => entry.weight > 0).map((entry) => entry.channel);
        expect(drawn.toSorted()).toEqual(positive);
      }),
    );
  });
});

describe("a plan without candidates", () => {
  test.each<[string, Partial<Channel> | undefined, Partial<CallFacts>, RegExp, string]>([
    ["no price", { price: undefined as never }, {}, /price/, "model_unpriced"],
    ["a lacking feature", { lacks: ["audio"] }, { features: ["audio"] }, /takes: audio/, "invalid_request"],
    ["its retirement", { until: 1 }, {}, /no longer/, "model_not_found"],
    ["a date to come", { from: now + 1 }, {}, /not available yet/, "model_not_found"],
    ["no configuration", undefined, {}, /no longer/, "model_not_found"],
  ])("is refused because of %s", (_, more, facts, sentence, code) => {
    const fault = emptyPlanFault(
      plan(routeOf(stepOf("a/1")), more === undefined ? [] : [channel("a/1", more)], facts),
    );
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(sentence);
  });

  test("is refused because no step's condition holds", () => {
    const fault = emptyPlanFault(
      plan(routeOf({ ...stepOf("a/1"), when: { minBytes: 500 } }), [channel("a/1")]),
    );
    expect(fault.message).toMatch(/no step for a request like this/);
  });
});

import { describe, expect, test } from "vitest";
import type { Channel } from "../../src/core/channel.ts";
import type { Route } from "../../src/core/route.ts";
import { Directory } from "../../src/routing/directory.ts";
import { channel } from "./channels.ts";

const channels = [
  channel("azure/my-deployment", { model: "openai/gpt-4o" }),
  channel("openai/gpt-4o"),
  channel("openrouter/openai/gpt-4o", { model: "openai/gpt-4o" }),
  channel("sim/text"),
  channel("ollama/llama3", { model: "meta/llama-3" }),
];
const route: Route = {
  name: "fast",
  steps: [{ channels: [{ channel: "sim/text", weight: 1 }] }],
  attempts: 2,
};

function resolved(directory: Directory, name: string) {
  const { kind, suffix, route } = directory.resolve(name);
  return { kind, suffix, channels: route.steps.map((step) => step.channels.map((entry) => entry.channel)) };
}

describe("a requested name", () => {
  const isSettable = ({ provider }: Channel) => provider === "sim";
  const directory = new Directory({ channels, routes: [route], isSettable });

  test.each([
    ["a route", "fast", "route", [["sim/text"]]],
    ["a channel id before the model id of the same name", "openai/gpt-4o", "channel", [["openai/gpt-4o"]]],
    ["a model id", "meta/llama-3", "model", [["ollama/llama3"]]],
    [
      "a bare name: every channel of it, in the order of the configuration",
      "gpt-4o",
      "name",
      [["azure/my-deployment"], ["openai/gpt-4o"], ["openrouter/openai/gpt-4o"]],
    ],
    ["an upstream name", "llama3", "name", [["ollama/llama3"]]],
  ])("resolves as %s", (_, name, kind, expected) => {
    expect(resolved(directory, name)).toEqual({ kind, suffix: "", channels: expected });
  });

  test("resolves by the part before its suffix, and the suffix is told", () => {
    expect(resolved(directory, "sim/text?latency=5")).toEqual({
      kind: "channel",
      suffix: "?latency=5",
      channels: [["sim/text"]],
    });
    expect(directory.resolve("sim/text?latency=5").name).toBe("sim/text");
  });

  test("is allowed the attempts of its route, three where it has none", () => {
    expect(directory.resolve("fast").route.attempts).toBe(2);
    expect(directory.resolve("gpt-4o").route.attempts).toBe(3);
  });

  test("resolves to a route that shadows a channel", () => {
    const shadowing = new Directory({ channels, routes: [{ ...route, name: "openai/gpt-4o" }] });
    expect(shadowing.resolve("openai/gpt-4o").kind).toBe("route");
  });

  test.each([
    "nope",
    "",
    "?",
    "?x=1",
    // Only the simulator takes settings; another vendor would be asked for a model of that name.
    "openai/gpt-4o?x=1",
    "__proto__",
    "constructor",
    "toString",
    "openai/",
    "x".repeat(100_000),
  ])("that is unknown is refused (%#)", (name) => {
    expect(() => directory.resolve(name)).toThrow(
      expect.objectContaining({ code: "model_not_found", param: "model" }),
    );
  });

  test("that is unknown is refused with the nearest known ones", () => {
    const asked: string[] = [];
    const helpful = new Directory({
      channels,
      routes: [route],
      nearest: (name, names) => {
        asked.push(name);
        return names.filter((known) => known === "gpt-4o");
      },
    });
    expect(() => helpful.resolve("gpt-4p?x=1")).toThrow(/Did you mean `gpt-4o`\?/);
    expect(() => helpful.resolve("y".repeat(300))).toThrow(/GET \/v1\/models/);
    expect(asked).toEqual(["gpt-4p"]);
  });
});

describe("the list of names", () => {
  test("holds routes, channels and models once each", () => {
    const listed = new Directory({ channels, routes: [route] }).list();
    expect(listed.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "route fast",
      ...channels.map(({ id }) => `channel ${id}`),
      "model meta/llama-3",
    ]);
    expect(listed[0]?.channels.map(({ id }) => id)).toEqual(["sim/text"]);
  });

  test("leaves out a route's channels that are not configured", () => {
    const broken: Route = { ...route, steps: [{ channels: [{ channel: "gone/x", weight: 1 }] }] };
    expect(new Directory({ channels: [], routes: [broken] }).list()).toEqual([
      { name: "fast", kind: "route", channels: [] },
    ]);
  });
});

test("two thousand routes over six thousand channels are looked up without a search", () => {
  const many = Array.from({ length: 6000 }, (_, index) => channel(`p${index % 50}/m${index}`));
  const routes = Array.from({ length: 2000 }, (_, index) => ({ ...route, name: `route-${index}` }));
  const directory = new Directory({ channels: many, routes });
  const names = [...many.map(({ upstream }) => upstream), ...routes.map(({ name }) => name)];
  const began = performance.now();
  const kinds = new Set(names.map((name) => directory.resolve(name).kind));
  // A search per name would take 8,000 times 8,000 steps.
  expect(performance.now() - began).toBeLessThan(1000);
  expect([...kinds]).toEqual(["name", "route"]);
});

import { describe, expect, test } from "vitest";
import { type CompiledConfig, compileConfig } from "../../src/config/compile.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import type { Environment } from "../../src/config/interpolate.ts";
import type { ProviderSettings } from "../../src/core/provider-settings.ts";
import { loadText } from "./config-folder.ts";
import { fakeCatalogue } from "./fake-catalogue.ts";

function withVendorAddress(settings: ProviderSettings): ProviderSettings {
  const api = settings.vendor === undefined ? undefined : fakeCatalogue.vendor(settings.vendor)?.api;
  return settings.baseUrl !== undefined || api === undefined ? settings : { ...settings, baseUrl: api };
}

async function compile(
  yaml: string,
  discovered: readonly ProviderSettings[] = [],
  environment: Environment = {},
): Promise<CompiledConfig> {
  const loaded = await loadText(yaml, environment);
  return compileConfig(loaded, {
    discovered,
    engineIds: new Set(["ollama", "vllm"]),
    catalogue: fakeCatalogue,
    withVendorAddress,
  });
}

async function problems(yaml: string, discovered: readonly ProviderSettings[] = []): Promise<string[]> {
  const error: unknown = await compile(yaml, discovered).catch((error: unknown) => error);
  if (!(error instanceof ConfigError)) throw new Error("it compiled");
  return error.problems.map(({ path, message, position }) => `${position?.line ?? "?"} ${path}: ${message}`);
}

const openai = "providers: {openai: {kind: openai, apiKey: k}}\n";

function channel({ channels }: CompiledConfig, id: string) {
  const found = channels.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no channel ${id}`);
  return found;
}

describe("channels", () => {
  test("a provider offers all that the catalogue knows of its vendor, at the catalogue's price", async () => {
    const { channels } = await compile(openai);
    expect(channels.map(({ id }) => id)).toEqual(["openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-new"]);
    expect(channels[0]).toEqual({
      id: "openai/gpt-4o",
      provider: "openai",
      model: "openai/gpt-4o",
      upstream: "gpt-4o",
      price: { input: 2_500_000_000n, output: 10_000_000_000n },
      limits: { contextTokens: 128_000, outputTokens: 16_000 },
      lacks: ["audio"],
    });
  });

  test("a model of unknown price stays without one", async () => {
    expect(channel(await compile(openai), "openai/gpt-new")).not.toHaveProperty("price");
  });

  test("`models` filters, and may name what the catalogue does not know", async () => {
    const { channels } = await compile(
      "providers: {o: {kind: openai, apiKey: k, models: [gpt-4o-mini, ft-mine]}}\n",
    );
    expect(channels.map(({ id, model, price }) => [id, model, price !== undefined])).toEqual([
      ["o/gpt-4o-mini", "openai/gpt-4o-mini", true],
      ["o/ft-mine", "ft-mine", false],
    ]);
  });

  test("a declared channel comes first and overrides the catalogue's of the same id, field by field", async () => {
    const compiled = await compile(`${openai}channels:
  - provider: openai
    upstream: gpt-4o-mini
    price: {input: "0.10", output: 0.4}
    limits: {inFlight: 5, outputTokens: 100}
    lacks: []
    region: eu
    from: 2026-01-01
    until: 2027-01-01
    deadlines: {firstEvent: 5s}
`);
    expect(compiled.channels.map(({ id }) => id)).toEqual([
      "openai/gpt-4o-mini",
      "openai/gpt-4o",
      "openai/gpt-new",
    ]);
    expect(compiled.channels[0]).toEqual({
      id: "openai/gpt-4o-mini",
      provider: "openai",
      model: "openai/gpt-4o-mini",
      upstream: "gpt-4o-mini",
      price: { input: 100_000_000n, output: 400_000_000n },
      limits: { contextTokens: 128_000, outputTokens: 100, inFlight: 5 },
      lacks: [],
      region: "eu",
      from: Date.UTC(2026, 0, 1),
      until: Date.UTC(2027, 0, 1),
      deadlines: { firstEvent: 5000 },
    });
  });

  test("a deployment takes facts and price from the model that it serves", async () => {
    const azure =
      "providers: {az: {kind: azure, baseUrl: 'https://x.openai.azure.com', apiKey: k, models: []}}\n";
    const compiled = await compile(`${azure}channels:
  - {provider: az, upstream: ours, model: openai/gpt-4o}
  - {provider: az, upstream: other, model: openai/o3}
  - {provider: az, model: openai/gpt-4o}
`);
    expect(channel(compiled, "az/ours")).toMatchObject({
      model: "openai/gpt-4o",
      price: { input: 2_750_000_000n },
      limits: { contextTokens: 128_000 },
    });
    // Two offers at different prices: which of them is meant is not guessed.
    expect(channel(compiled, "az/other")).not.toHaveProperty("price");
    expect(channel(compiled, "az/other").limits).toEqual({ contextTokens: 128_000, outputTokens: 16_000 });
    expect(channel(compiled, "az/gpt-4o").upstream).toBe("gpt-4o");
  });

  test("cache and reasoning prices get the price book's names; unset ones are not there", async () => {
    const compiled = await compile(`${openai}channels:
  - provider: openai
    model: m
    price: {input: 1, output: 2, cacheRead: 0, cacheWrite: 3, cacheWriteLong: 4, reasoning: 5, audioInput: 6, audioOutput: 7, request: 8}
`);
    const usd = 1_000_000_000n;
    expect(channel(compiled, "openai/m").price).toEqual({
      input: usd,
      output: 2n * usd,
      cache_read: 0n,
      cache_write: 3n * usd,
      cache_write_long: 4n * usd,
      reasoning: 5n * usd,
      audio_input: 6n * usd,
      audio_output: 7n * usd,
      request: 8n * usd,
    });
  });

  test("a provider's price and deadlines hold for its channels, theirs go first", async () => {
    const compiled = await compile(`providers:
  house:
    kind: openai-compatible
    baseUrl: http://10.0.0.5:8000/v1/
    models: [a]
    price: free
    deadlines: {connect: 1s, total: 2s}
channels: [{provider: house, model: b, price: {input: 1, output: 1}, deadlines: {total: 9s}}]
`);
    expect(compiled.providers[0]?.baseUrl).toBe("http://10.0.0.5:8000/v1");
    expect(channel(compiled, "house/a")).toMatchObject({
      price: "free",
      deadlines: { connect: 1000, total: 2000 },
    });
    expect(channel(compiled, "house/b")).toMatchObject({
      price: { input: 1_000_000_000n },
      deadlines: { connect: 1000, total: 9000 },
    });
  });
});

describe("what was found on its own", () => {
  const ollama: ProviderSettings = {
    id: "ollama",
    kind: "ollama",
    baseUrl: "http://127.0.0.1:11434",
    models: ["llama3.2:3b"],
  };
  const sim: ProviderSettings = { id: "sim", kind: "sim", models: ["echo"] };

  test("an engine on this machine is free, for nobody bills it", async () => {
    const compiled = await compile("", [ollama]);
    expect(channel(compiled, "ollama/llama3.2:3b")).toMatchObject({ model: "llama3.2:3b", price: "free" });
  });

  test.each<[string, Partial<ProviderSettings>]>([
    ["on another machine", { baseUrl: "http://10.0.0.7:11434" }],
    ["that needs a key", { apiKey: "k" }],
    ["whose host only begins like a loopback name", { baseUrl: "http://localhost.example" }],
  ])("an engine %s is not", async (_title, change) => {
    const compiled = await compile("", [{ ...ollama, ...change }]);
    expect(channel(compiled, "ollama/llama3.2:3b")).not.toHaveProperty("price");
  });

  test("an engine that is away, or not found yet, is left out of what names it", async () => {
    const yaml = `${openai}channels: [{provider: ollama, model: mine}]
routes:
  mixed: [ollama/mine, openai/gpt-4o, ollama/other]
  local: [ollama/mine]
`;
    const without = await compile(yaml);
    expect(without.channels.map(({ provider }) => provider)).not.toContain("ollama");
    expect(without.routes.map(({ name, steps }) => [name, steps.flatMap((step) => step.channels)])).toEqual([
      ["mixed", [{ channel: "openai/gpt-4o", weight: 1 }]],
      ["local", []],
    ]);
    const found = await compile(yaml, [ollama]);
    expect(found.routes[1]?.steps).toEqual([{ channels: [{ channel: "ollama/mine", weight: 1 }] }]);
    expect(channel(found, "ollama/mine").price).toBe("free");
  });

  test("an engine that is only declared has the price that is declared, or none", async () => {
    const compiled = await compile("providers: {mine: {kind: ollama, models: [x]}}\n");
    expect(channel(compiled, "mine/x")).not.toHaveProperty("price");
  });

  test("a declared provider takes key and models from the one found under its id", async () => {
    const found: ProviderSettings = { id: "openai", kind: "openai", apiKey: "found", models: ["gpt-4o"] };
    const { providers, channels } = await compile("providers: {openai: {kind: openai}}\n", [found]);
    expect(providers).toEqual([found]);
    expect(channels.map(({ id }) => id)).toEqual(["openai/gpt-4o"]);
  });

  test("a key found in the environment never goes to another address", async () => {
    const found: ProviderSettings = { id: "openai", kind: "openai", apiKey: "found" };
    const elsewhere = "providers: {openai: {kind: openai, baseUrl: 'https://proxy.example/v1'}}\n";
    const { providers } = await compile(elsewhere, [found]);
    expect(JSON.stringify(providers)).not.toContain("found");
    const otherKind = "providers: {openai: {kind: openai-compatible, baseUrl: 'https://proxy.example/v1'}}\n";
    expect(JSON.stringify((await compile(otherKind, [found])).providers)).not.toContain("found");
  });

  test("declared providers come first, the simulator last, and not at all where it is off", async () => {
    const order = async (yaml: string) =>
      (await compile(`${yaml}${openai}`, [sim, ollama])).channels.map(({ id }) => id);
    expect(await order("")).toEqual([
      "openai/gpt-4o",
      "openai/gpt-4o-mini",
      "openai/gpt-new",
      "ollama/llama3.2:3b",
      "sim/echo",
    ]);
    expect(await order("sim: false\n")).not.toContain("sim/echo");
  });

  test("the simulator is free and its models are named sim/...; a declared one has the same models", async () => {
    const compiled = await compile("providers: {slow: {kind: sim}}\n", [sim]);
    expect(channel(compiled, "sim/echo")).toMatchObject({
      model: "sim/echo",
      upstream: "echo",
      price: "free",
    });
    expect(channel(compiled, "slow/echo")).toMatchObject({ model: "slow/echo", price: "free" });
  });
});

describe("vendors", () => {
  test("a vendor of the catalogue brings address, models and prices", async () => {
    const compiled = await compile("providers: {fast: {kind: openai-compatible, vendor: groq, apiKey: k}}\n");
    expect(compiled.providers[0]?.baseUrl).toBe("https://api.groq.example/v1");
    expect(channel(compiled, "fast/llama-3.3-70b-versatile").model).toBe("meta/llama-3.3-70b");
  });

  test("an unknown vendor is told with the nearest one", async () => {
    expect(
      await problems(
        "providers: {a: {kind: openai-compatible, vendor: grok, apiKey: k, baseUrl: 'http://x'}}\n",
      ),
    ).toEqual(["1 providers.a.vendor: the catalogue knows no vendor 'grok'; did you mean 'groq'?"]);
  });

  test("a vendor without a known address needs one", async () => {
    expect(await problems("providers: {a: {kind: openai-compatible, vendor: nowhere}}\n")).toEqual([
      "1 providers.a.baseUrl: missing; the catalogue does not know where the API of nowhere is",
    ]);
  });

  test.each(["openai", "anthropic"])("%s at its own address needs a key", async (kind) => {
    expect(await problems(`providers:\n  p: {kind: ${kind}}\n`)).toEqual([
      `2 providers.p: 'apiKey' is missing; write apiKey: \${${kind.toUpperCase()}_API_KEY}`,
    ]);
  });
});

describe("routes", () => {
  test("the short form tries its channels in order", async () => {
    const { routes } = await compile(`${openai}routes: {fast: [openai/gpt-4o-mini, openai/gpt-4o]}\n`);
    expect(routes).toEqual([
      {
        name: "fast",
        steps: [
          { channels: [{ channel: "openai/gpt-4o-mini", weight: 1 }] },
          { channels: [{ channel: "openai/gpt-4o", weight: 1 }] },
        ],
        attempts: 3,
      },
    ]);
  });

  test("the long form has weights, conditions, attempts and deadlines", async () => {
    const { routes } = await compile(`${openai}routes:
  big:
    steps:
      - channels: [{channel: openai/gpt-4o, weight: 3}, openai/gpt-new]
        when: {operation: chat, minBytes: 1 KB, maxBytes: 2 KB, features: [tools], headers: {x-tier: gold}}
      - openai/gpt-4o-mini
    attempts: 2
    deadlines: {total: 1m}
`);
    expect(routes).toEqual([
      {
        name: "big",
        steps: [
          {
            channels: [
              { channel: "openai/gpt-4o", weight: 3 },
              { channel: "openai/gpt-new", weight: 1 },
            ],
            when: {
              operation: "chat",
              minBytes: 1000,
              maxBytes: 2000,
              features: ["tools"],
              headers: { "x-tier": "gold" },
            },
          },
          { channels: [{ channel: "openai/gpt-4o-mini", weight: 1 }] },
        ],
        attempts: 2,
        deadlines: { total: 60_000 },
      },
    ]);
  });

  test("without a number of attempts, a route may try each of its channels", async () => {
    const { routes } = await compile(
      "providers: {h: {kind: ollama, models: [a, b, c, d, e]}}\nroutes: {x: [h/a, h/b, h/c, h/d, h/e, h/a]}\n",
    );
    expect(routes[0]?.attempts).toBe(5);
  });
});

test("names that fit nothing are told together, each with its line and the nearest one", async () => {
  expect(
    await problems(
      `${openai}channels:
  - {provider: opnai, model: x}
  - {provider: openai, model: y}
  - {provider: openai, upstream: y}
routes:
  fast: [openai/gpt-4o, openai/gtp-4o-mini]
`,
    ),
  ).toEqual([
    "3 channels[0].provider: no provider 'opnai' is configured or was found; did you mean 'openai'?",
    "5 channels[2]: the channel 'openai/y' is declared twice",
    "7 routes.fast: step 2: there is no channel 'openai/gtp-4o-mini'; did you mean 'openai/gpt-4o-mini'?",
  ]);
});

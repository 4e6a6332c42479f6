import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openCatalogue } from "../../src/catalogue/catalogue.ts";

const catalogue = openCatalogue();
const data = new URL("../../data/", import.meta.url);

describe("the catalogue that ships", () => {
  it("says where it is from, of what day, and under which licence", () => {
    expect(catalogue.source).toBe("models.dev (MIT, see catalogue.LICENSE)");
    expect(catalogue.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(readFileSync(new URL("catalogue.LICENSE", data), "utf8")).toContain("models.dev");
    expect(statSync(new URL("catalogue.json", data)).size).toBeLessThan(450_000);
  });

  it("prices exactly, in nano-dollars per million tokens", () => {
    expect(catalogue.channel("openai", "gpt-4o")?.price).toEqual({
      input: 2_500_000_000n,
      output: 10_000_000_000n,
      cache_read: 1_250_000_000n,
    });
    expect(catalogue.channel("deepseek", "deepseek-reasoner")?.price).toMatchObject({
      cache_read: 2_800_000n,
    });
    // 0.049999999999999996 in the source: the noise of a double.
    expect(catalogue.channel("amazon-bedrock", "google.gemma-3-12b-it")?.price).toMatchObject({
      input: 50_000_000n,
    });
  });

  it("knows the price of long calls", () => {
    expect(catalogue.channel("google", "gemini-2.5-pro")?.price).toMatchObject({
      input: 1_250_000_000n,
      tiers: [
        {
          above: 200_000,
          prices: { input: 2_500_000_000n, output: 15_000_000_000n, cache_read: 250_000_000n },
        },
      ],
    });
  });

  it("prices Anthropic's cache writes by how long they live", () => {
    expect(catalogue.channel("anthropic", "claude-sonnet-4-5")?.price).toEqual({
      input: 3_000_000_000n,
      output: 15_000_000_000n,
      cache_read: 300_000_000n,
      cache_write: 3_750_000_000n,
      cache_write_long: 6_000_000_000n,
    });
  });

  it("prices a cache without a price of its own as input, never as nothing", () => {
    const price = catalogue.channel("openai", "gpt-3.5-turbo")?.price;
    expect(price).toEqual({ input: 500_000_000n, output: 1_500_000_000n });
  });

  it("gives no price where a unit is billed that is not metered", () => {
    expect(catalogue.channel("perplexity", "sonar-deep-research")).toMatchObject({
      model: "perplexity/sonar-deep-research",
    });
    expect(catalogue.channel("perplexity", "sonar-deep-research")).not.toHaveProperty("price");
  });

  it("tells free from unknown", () => {
    expect(catalogue.channel("lmstudio", "qwen/qwen3-30b-a3b-2507")?.price).toEqual({
      input: 0n,
      output: 0n,
    });
    expect(catalogue.channel("ollama-cloud", "deepseek-v3.1:671b")).not.toHaveProperty("price");
  });

  it("names one model alike at every vendor that serves it", () => {
    expect(catalogue.channel("azure", "gpt-4o")?.model).toBe("openai/gpt-4o");
    expect(catalogue.channel("openai", "gpt-4o")?.model).toBe("openai/gpt-4o");
    expect(catalogue.channel("openrouter", "openai/gpt-4o")?.model).toBe("openai/gpt-4o");
    expect(catalogue.channel("fireworks-ai", "accounts/fireworks/models/deepseek-v4-pro")?.model).toBe(
      "deepseek/deepseek-v4-pro",
    );
  });

  it("knows limits, modalities and what a model lacks", () => {
    expect(catalogue.channel("openai", "gpt-4o")).toMatchObject({
      contextTokens: 128_000,
      outputTokens: 16_384,
      modalities: { input: ["text", "image", "pdf"], output: ["text"] },
      lacks: ["audio", "reasoning"],
    });
    expect(catalogue.channel("openai", "gpt-3.5-turbo")?.lacks).toEqual(
      expect.arrayContaining(["tools", "image", "json_schema"]),
    );
    // Not told by the source, so not held against it.
    expect(catalogue.channel("anthropic", "claude-sonnet-4-5")?.lacks).not.toContain("json_schema");
  });

  it("lists what chats, and finds the rest by name", () => {
    const listed = catalogue.channels("openai").map(({ upstream }) => upstream);
    expect(listed).toContain("gpt-4o");
    for (const upstream of ["text-embedding-3-large", "gpt-image-1"]) {
      expect(listed).not.toContain(upstream);
      expect(catalogue.channel("openai", upstream)?.upstream).toBe(upstream);
    }
  });

  it("knows vendors' credentials and addresses", () => {
    expect(catalogue.vendor("groq")?.env).toEqual(["GROQ_API_KEY"]);
    expect(catalogue.vendor("fireworks-ai")?.api).toBe("https://api.fireworks.ai/inference/v1");
    expect(catalogue.vendor("openai")).not.toHaveProperty("api");
    for (const { api = "" } of catalogue.vendors()) expect(api).not.toMatch(/\/$|\$\{/);
  });

  it("knows nothing of strange names", () => {
    for (const name of ["", "__proto__", "constructor", "toString"]) {
      expect(catalogue.vendor(name)).toBeUndefined();
      expect(catalogue.channels(name)).toEqual([]);
      expect(catalogue.channel("openai", name)).toBeUndefined();
    }
  });
});

const snapshot = new URL("../../../../shared/data/models-dev.json", import.meta.url);

describe.runIf(existsSync(snapshot))("the catalogue beside the snapshot it was built from", () => {
  it("has every channel, and every input and output price to the nano-dollar", () => {
    const source = JSON.parse(readFileSync(snapshot, "utf8")) as {
      providers: Record<string, { models: Record<string, { cost?: { input: number; output: number } }> }>;
    };
    for (const [vendor, { models }] of Object.entries(source.providers)) {
      for (const [upstream, { cost }] of Object.entries(models)) {
        const facts = catalogue.channel(vendor, upstream);
        expect(facts?.upstream).toBe(upstream);
        if (facts?.price === undefined) continue;
        const nano = (usd: number | undefined) => BigInt(Math.round((usd ?? Number.NaN) * 1e9));
        expect(facts.price.input).toBe(nano(cost?.input));
        expect(facts.price.output).toBe(nano(cost?.output));
      }
    }
  });
});

import { describe, expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/catalogue.ts";
import type { Catalogue, VendorFacts } from "../../src/core/catalogue.ts";
import { type Discovery, discoverEnvironment } from "../../src/providers/discovery.ts";
import type { Environment } from "../../src/providers/environment.ts";
import { vendors, withVendorAddress } from "../../src/providers/vendors.ts";

const facts: readonly VendorFacts[] = [
  { id: "alibaba-cn", env: ["DASHSCOPE_API_KEY"], api: "https://cn.example/v1" },
  { id: "alibaba", env: ["DASHSCOPE_API_KEY"], api: "https://intl.example/v1" },
  { id: "deepseek", env: ["DEEPSEEK_API_KEY"], api: "https://api.deepseek.com" },
  { id: "google", env: ["GOOGLE_API_KEY", "GEMINI_API_KEY"] },
  { id: "groq", env: ["GROQ_API_KEY"] },
  { id: "github-models", env: ["GITHUB_TOKEN"], api: "https://models.github.ai/inference" },
  { id: "minimax", env: ["MINIMAX_API_KEY"], api: "https://api.minimax.io/anthropic/v1" },
  { id: "openai", env: ["OPENAI_API_KEY"] },
  { id: "unheard-of", env: ["UNHEARD_API_KEY"], api: "https://unheard.example/v1" },
  { id: "databricks", env: ["DATABRICKS_TOKEN"], api: "https://${DATABRICKS_HOST}/v1" },
];

const catalogue: Catalogue = {
  source: "test",
  date: "2026-01-01",
  vendors: () => facts,
  vendor: (id) => facts.find((each) => each.id === id),
  channel: () => undefined,
  channels: () => [],
};

function found(environment: Environment): Discovery {
  return discoverEnvironment(environment, catalogue);
}

describe("what the environment holds", () => {
  test("nothing gives nothing", () => {
    expect(found({})).toEqual({ settings: [], hints: [] });
    expect(found({ OPENAI_API_KEY: " ", GROQ_API_KEY: undefined })).toEqual({ settings: [], hints: [] });
  });

  test("keys of several vendors make one provider each", () => {
    const { settings, hints } = found({
      OPENAI_API_KEY: " sk-1\n",
      ANTHROPIC_API_KEY: "sk-2",
      GROQ_API_KEY: "gsk",
      DEEPSEEK_API_KEY: "ds",
      GEMINI_API_KEY: "g",
      MINIMAX_API_KEY: "m",
      UNHEARD_API_KEY: "u",
      DATABRICKS_TOKEN: "d",
    });
    expect(settings).toEqual([
      { id: "openai", kind: "openai", apiKey: "sk-1" },
      { id: "anthropic", kind: "anthropic", apiKey: "sk-2" },
      {
        id: "groq",
        kind: "openai-compatible",
        vendor: "groq",
        apiKey: "gsk",
        baseUrl: "https://api.groq.com/openai/v1",
      },
      {
        id: "deepseek",
        kind: "openai-compatible",
        vendor: "deepseek",
        apiKey: "ds",
        baseUrl: "https://api.deepseek.com",
      },
      {
        id: "google",
        kind: "openai-compatible",
        vendor: "google",
        apiKey: "g",
        baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
      },
      {
        id: "minimax",
        kind: "anthropic",
        vendor: "minimax",
        apiKey: "m",
        baseUrl: "https://api.minimax.io/anthropic/v1",
      },
    ]);
    expect(hints).toEqual([]);
  });

  test("a variable that several vendors share makes one provider and a hint", () => {
    const { settings, hints } = found({ DASHSCOPE_API_KEY: "k" });
    expect(settings).toMatchObject([{ id: "alibaba", baseUrl: "https://intl.example/v1" }]);
    expect(hints).toEqual([
      "DASHSCOPE_API_KEY is used for 'alibaba'; if the key is for 'alibaba-cn', declare it with `vendor: alibaba-cn`",
    ]);
  });

  test("a token that serves other ends is only told of", () => {
    const { settings, hints } = found({ GITHUB_TOKEN: "ghp" });
    expect(settings).toEqual([]);
    expect(hints).toEqual([
      "GITHUB_TOKEN is set; to use it for 'github-models', declare it with `vendor: github-models`",
    ]);
  });

  test("a key of this gateway is not taken for the vendor's", () => {
    const { settings, hints } = found({ OPENAI_API_KEY: "ent-abc", GROQ_API_KEY: "ent-abc" });
    expect(settings).toEqual([]);
    expect(hints).toHaveLength(2);
    expect(hints.join()).not.toContain("abc");
  });

  test("a value that cannot be a key is told of, without showing it", () => {
    const { settings, hints } = found({ OPENAI_API_KEY: "two words", DEEPSEEK_API_KEY: "a\u0000b" });
    expect(settings).toEqual([]);
    expect(hints).toEqual([
      "OPENAI_API_KEY does not hold a key: it has blanks or controls",
      "DEEPSEEK_API_KEY does not hold a key: it has blanks or controls",
    ]);
  });
});

describe("where the SDKs' variables point", () => {
  test.each([
    "http://localhost:8080/v1",
    "http://127.0.0.1:8080",
    "http://[::1]:8080/v1",
    "http://0.0.0.0:1/v1",
  ])("%s, which may be this gateway, is not followed", (address) => {
    const { settings, hints } = found({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: address });
    expect(settings).toEqual([]);
    expect(hints[0]).toContain("OPENAI_BASE_URL points at this machine");
    expect(found({ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: address }).settings).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["https://api.openai.com/v1/", { id: "openai", kind: "openai", apiKey: "k" }],
    [
      "https://llm.example/v1",
      { id: "openai", kind: "openai-compatible", apiKey: "k", baseUrl: "https://llm.example/v1" },
    ],
    ["not a url", { id: "openai", kind: "openai", apiKey: "k" }],
  ])("OPENAI_BASE_URL %s", (address, expected) => {
    expect(found({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: address }).settings).toEqual([expected]);
  });

  test("a server that is not OpenAI's is told to need its models named", () => {
    expect(found({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "https://llm.example/v1" }).hints).toEqual([
      "OPENAI_BASE_URL points at another server; name its models and prices in entente.yaml",
    ]);
  });

  test("ANTHROPIC_BASE_URL moves it", () => {
    const moved = found({ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "https://proxy.example" });
    expect(moved.settings).toEqual([
      { id: "anthropic", kind: "anthropic", apiKey: "k", baseUrl: "https://proxy.example" },
    ]);
  });
});

describe("Azure", () => {
  const endpoint = { AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com/" };

  test.each<[string, Environment, unknown]>([
    [
      "endpoint, key, version and deployments",
      {
        ...endpoint,
        AZURE_OPENAI_API_KEY: "k",
        AZURE_OPENAI_API_VERSION: "2024-10-21",
        AZURE_OPENAI_DEPLOYMENT: "a, b,a,<x>",
      },
      {
        id: "azure",
        kind: "azure",
        baseUrl: "https://x.openai.azure.com",
        apiKey: "k",
        apiVersion: "2024-10-21",
        models: ["a", "b"],
      },
    ],
    [
      "the catalogue's names",
      { AZURE_RESOURCE_NAME: "Mine", AZURE_API_KEY: "k" },
      { id: "azure", kind: "azure", baseUrl: "https://mine.openai.azure.com", apiKey: "k" },
    ],
    [
      "an identity in place of a key",
      { ...endpoint, AZURE_CLIENT_ID: "c" },
      { id: "azure", kind: "azure", baseUrl: "https://x.openai.azure.com", credential: "entra" },
    ],
  ])("%s", (_, environment, expected) => {
    expect(found(environment).settings).toEqual([expected]);
  });

  test.each<[string, Environment, string]>([
    ["no key", endpoint, "without a key"],
    [
      "no https",
      { AZURE_OPENAI_ENDPOINT: "http://x.example", AZURE_OPENAI_API_KEY: "k" },
      "not an https URL",
    ],
    ["a bad key", { ...endpoint, AZURE_OPENAI_API_KEY: "a b" }, "does not hold a key"],
  ])("%s is told of", (_, environment, hint) => {
    const { settings, hints } = found(environment);
    expect(settings).toEqual([]);
    expect(hints[0]).toContain(hint);
  });

  test("a resource name that is none is not made a host", () => {
    expect(found({ AZURE_RESOURCE_NAME: "evil.example/", AZURE_API_KEY: "k" }).settings).toEqual([]);
  });
});

describe("vendors", () => {
  test("every address is https and has no slash at its end", () => {
    for (const [id, { baseUrl }] of vendors) {
      if (baseUrl === undefined) continue;
      expect([id, new URL(baseUrl).protocol, baseUrl.endsWith("/")]).toEqual([id, "https:", false]);
    }
  });

  test("the shipped catalogue knows the key variable and models of each, but of those that are to be declared", () => {
    const shipped = openCatalogue();
    const lacking = [...vendors.keys()].filter((id) => {
      const known = shipped.vendor(id);
      const { baseUrl } = withVendorAddress({ id, kind: "openai-compatible", vendor: id }, shipped);
      return (
        known === undefined ||
        known.env.length === 0 ||
        baseUrl === undefined ||
        shipped.channels(id).length === 0
      );
    });
    expect(lacking).toEqual(["baidu", "ai21", "volcengine", "sambanova"]);
  });

  test("an address is filled in once, from us or the catalogue", () => {
    const settings = { id: "x", kind: "openai-compatible" as const };
    const filled = (rest: object): string | undefined =>
      withVendorAddress({ ...settings, ...rest }, catalogue).baseUrl;
    expect(filled({ vendor: "groq" })).toBe("https://api.groq.com/openai/v1");
    expect(filled({ vendor: "unheard-of" })).toBe("https://unheard.example/v1");
    expect(filled({ vendor: "groq", baseUrl: "http://own" })).toBe("http://own");
    expect(filled({ vendor: "databricks" })).toBeUndefined();
    expect(filled({})).toBeUndefined();
  });
});

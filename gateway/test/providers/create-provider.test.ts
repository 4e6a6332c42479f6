import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { ChatDialectId } from "../../src/core/extra.ts";
import type { ProviderSettings } from "../../src/core/provider-settings.ts";
import { createProvider } from "../../src/providers/create-provider.ts";
import type { Provider } from "../../src/providers/provider.ts";
import type { Transport } from "../../src/providers/upstream.ts";

const transport: Transport = () => {
  throw new Error("no call is made here");
};
const simulator: Transport = () => {
  throw new Error("no call is made here either");
};

function make(settings: Omit<ProviderSettings, "id">): Provider {
  return createProvider({ id: "p", ...settings }, { transport, simulator, clock: systemClock });
}

function url(provider: Provider, dialect: ChatDialectId, upstream = "m"): string {
  const { origin, path } = provider.target({ dialect, upstream, stream: false });
  return origin + path;
}

describe("addresses", () => {
  test.each<[string, Omit<ProviderSettings, "id">, ChatDialectId, string]>([
    ["openai chat", { kind: "openai" }, "openai-chat", "https://api.openai.com/v1/chat/completions"],
    ["openai responses", { kind: "openai" }, "openai-responses", "https://api.openai.com/v1/responses"],
    ["anthropic", { kind: "anthropic" }, "anthropic-messages", "https://api.anthropic.com/v1/messages"],
    [
      "anthropic elsewhere, with v1 written",
      { kind: "anthropic", baseUrl: "https://proxy.example/a/v1/" },
      "anthropic-messages",
      "https://proxy.example/a/v1/messages",
    ],
    ["ollama", { kind: "ollama" }, "openai-chat", "http://127.0.0.1:11434/v1/chat/completions"],
    [
      "ollama elsewhere, with v1 written",
      { kind: "ollama", baseUrl: "http://gpu:1/v1" },
      "openai-chat",
      "http://gpu:1/v1/chat/completions",
    ],
    [
      "a vendor by name",
      { kind: "openai-compatible", vendor: "groq" },
      "openai-chat",
      "https://api.groq.com/openai/v1/chat/completions",
    ],
    [
      "a server by address",
      {
        kind: "openai-compatible",
        baseUrl: "http://[::1]:8000/v1",
        dialects: ["openai-chat", "openai-responses"],
      },
      "openai-responses",
      "http://[::1]:8000/v1/responses",
    ],
    [
      "azure v1",
      { kind: "azure", baseUrl: "https://x.openai.azure.com" },
      "openai-chat",
      "https://x.openai.azure.com/openai/v1/chat/completions",
    ],
    [
      "azure v1 preview, with v1 written",
      { kind: "azure", baseUrl: "https://x.openai.azure.com/openai/v1/", apiVersion: "preview" },
      "openai-responses",
      "https://x.openai.azure.com/openai/v1/responses?api-version=preview",
    ],
    ["sim", { kind: "sim" }, "anthropic-messages", "http://sim.invalid/v1/messages"],
  ])("%s", (_, settings, dialect, expected) => {
    expect(url(make(settings), dialect)).toBe(expected);
  });

  test("speaks the configured dialects for every model, in their order", () => {
    const openai = make({ kind: "openai", dialects: ["openai-responses"] });
    expect(openai.chatDialects("gpt-4o-audio-preview")).toEqual(["openai-responses"]);
    const house = make({
      kind: "openai-compatible",
      baseUrl: "http://x",
      dialects: ["openai-responses", "openai-chat"],
    });
    expect(house.chatDialects("llama")).toEqual(["openai-responses", "openai-chat"]);
  });

  test("an azure deployment's name cannot leave its place in the path", () => {
    const azure = make({ kind: "azure", baseUrl: "https://x.openai.azure.com", apiVersion: "2024-10-21" });
    expect(url(azure, "openai-chat", "a/../b?c=d #ü")).toBe(
      "https://x.openai.azure.com/openai/deployments/a%2F..%2Fb%3Fc%3Dd%20%23%C3%BC/chat/completions?api-version=2024-10-21",
    );
  });

  test.each<[Omit<ProviderSettings, "id">, string | undefined]>([
    [{ kind: "openai" }, "https://api.openai.com/v1/models"],
    [{ kind: "anthropic" }, "https://api.anthropic.com/v1/models"],
    [{ kind: "ollama" }, "http://127.0.0.1:11434/v1/models"],
    [
      { kind: "azure", baseUrl: "https://x.openai.azure.com", apiVersion: "2024-10-21" },
      "https://x.openai.azure.com/openai/models?api-version=2024-10-21",
    ],
    [{ kind: "openai-compatible", vendor: "perplexity" }, undefined],
    [{ kind: "sim" }, "http://sim.invalid/v1/models"],
  ])("the list of models of %j", (settings, expected) => {
    const target = make(settings).modelsTarget;
    expect(target === undefined ? undefined : target.origin + target.path).toBe(expected);
  });

  test("only Anthropic itself is asked to count tokens", () => {
    expect(make({ kind: "anthropic" }).countTokensTarget?.path).toBe("/v1/messages/count_tokens");
    const minimax = make({ kind: "anthropic", vendor: "minimax", baseUrl: "https://m.example" });
    expect([minimax.countTokensTarget, make({ kind: "openai" }).countTokensTarget]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each<[Omit<ProviderSettings, "id">]>([
    [{ kind: "azure" }],
    [{ kind: "openai-compatible" }],
    [{ kind: "openai-compatible", vendor: "nobody" }],
  ])("%j without an address is refused", (settings) => {
    expect(() => make(settings)).toThrow("provider 'p': set 'baseUrl'");
  });
});

describe("credentials", () => {
  test.each<[Omit<ProviderSettings, "id">, Record<string, string>]>([
    [{ kind: "openai", apiKey: "k" }, { authorization: "Bearer k" }],
    [
      { kind: "anthropic", apiKey: "k" },
      { "x-api-key": "k", "anthropic-version": "2023-06-01" },
    ],
    [{ kind: "azure", baseUrl: "https://x.example", apiKey: "k" }, { "api-key": "k" }],
    [{ kind: "ollama" }, {}],
    [{ kind: "sim" }, {}],
    [
      {
        kind: "openai-compatible",
        vendor: "groq",
        apiKey: "k",
        headers: { "X-Team": "blue", Authorization: "x" },
      },
      { "x-team": "blue", authorization: "Bearer k" },
    ],
  ])("%j", async (settings, expected) => {
    expect({ ...(await make(settings).authorize()) }).toEqual(expected);
  });

  test("a key or header that cannot be sent is refused without showing it", () => {
    const error = (settings: Omit<ProviderSettings, "id">): string => {
      try {
        make(settings);
      } catch (caught) {
        return (caught as Error).message;
      }
      return "";
    };
    expect(error({ kind: "openai", apiKey: "secret\r\nx: y" })).toBe(
      "provider 'p': the header 'authorization' cannot be sent with that value",
    );
    expect(error({ kind: "openai", headers: { Host: "secret" } })).toContain("'host'");
  });

  test("only the vendor's own headers may cross, and none that carries a credential", () => {
    const crossing = (settings: Omit<ProviderSettings, "id">): readonly string[] =>
      make(settings).forwardHeaders;
    expect(crossing({ kind: "anthropic" })).toEqual(["anthropic-beta", "anthropic-version"]);
    expect(crossing({ kind: "openai" })).toEqual(["openai-organization", "openai-project", "openai-beta"]);
    expect(
      crossing({ kind: "openai-compatible", vendor: "openrouter", baseUrl: "https://o.example" }),
    ).toEqual(["http-referer", "x-title"]);
    expect(crossing({ kind: "azure", baseUrl: "https://x.example" })).toEqual([]);
    expect(crossing({ kind: "sim" })).toEqual(["entente-sim"]);
  });
});

describe("dialects", () => {
  const openai = make({ kind: "openai" });
  const azure = make({ kind: "azure", baseUrl: "https://x.example" });

  test.each([
    ["gpt-4o", "openai-chat openai-responses"],
    ["gpt-4.1-mini", "openai-chat openai-responses"],
    ["gpt-5-chat-latest", "openai-chat openai-responses"],
    ["gpt-5", "openai-responses openai-chat"],
    ["gpt-5.4-mini", "openai-responses openai-chat"],
    ["o3", "openai-responses openai-chat"],
    ["o4-mini-2025-04-16", "openai-responses openai-chat"],
    ["gpt-5-pro", "openai-responses"],
    ["o1-pro-2025-03-19", "openai-responses"],
    ["gpt-5.3-codex-spark", "openai-responses"],
    ["o3-deep-research", "openai-responses"],
    ["gpt-4o-search-preview", "openai-chat"],
    ["gpt-audio", "openai-chat"],
    ["ft:gpt-4o:acme::x", "openai-chat openai-responses"],
  ])("openai %s: %s", (model, expected) => {
    expect(openai.chatDialects(model).join(" ")).toBe(expected);
  });

  test.each([
    ["gpt-4o", "openai-chat openai-responses"],
    ["gpt-5", "openai-responses openai-chat"],
    ["prod-chat", "openai-chat"],
    ["deepseek-r1", "openai-chat"],
  ])("azure %s: %s", (deployment, expected) => {
    expect(azure.chatDialects(deployment).join(" ")).toBe(expected);
  });

  test("azure deployment paths and unknown servers speak chat only", () => {
    const dated = make({ kind: "azure", baseUrl: "https://x.example", apiVersion: "2024-10-21" });
    expect(dated.chatDialects("gpt-5")).toEqual(["openai-chat"]);
    expect(make({ kind: "openai-compatible", baseUrl: "http://x" }).chatDialects("gpt-5")).toEqual([
      "openai-chat",
    ]);
  });
});

describe("quirks", () => {
  test.each([
    ["claude-3-7-sonnet-20250219", "budget"],
    ["claude-sonnet-4-20250514", "budget"],
    ["claude-opus-4-0", "budget"],
    ["claude-opus-4-1-20250805", "budget"],
    ["claude-sonnet-4-5", "budget"],
    ["claude-haiku-4-5-20251001", "budget"],
    ["claude-opus-4-5-20251101", "budget"],
    ["claude-opus-4-6", "adaptive"],
    ["claude-sonnet-4-6", "adaptive"],
    ["claude-opus-4-8", "adaptive"],
    ["claude-opus-5", "adaptive"],
    ["claude-fable-5", "adaptive"],
    ["MiniMax-M2", "budget"],
  ])("%s thinks by %s", (model, thinking) => {
    expect(make({ kind: "anthropic" }).quirks(model)).toEqual({ thinking });
    expect(make({ kind: "anthropic", quirks: { thinking: "budget" } }).quirks(model)).toEqual({
      thinking: "budget",
    });
  });

  test("a vendor's quirks win over the common ones, and the operator's over both", () => {
    const quirks = (settings: Omit<ProviderSettings, "id" | "kind">): unknown =>
      make({ kind: "openai-compatible", ...settings }).quirks("m");
    expect(quirks({ vendor: "mistral" })).toEqual({
      maxTokensField: "max_tokens",
      developerRole: false,
      streamOptions: false,
    });
    expect(quirks({ vendor: "cerebras", quirks: { developerRole: true } })).toEqual({
      maxTokensField: "max_completion_tokens",
      developerRole: true,
      reasoningField: "reasoning",
    });
    expect(make({ kind: "openai" }).quirks("gpt-4o")).toEqual({});
  });

  test.each([
    [
      "2024-02-01",
      { maxTokensField: "max_tokens", streamOptions: false, jsonSchema: false, developerRole: false },
    ],
    ["2024-10-21", { developerRole: false }],
    ["2025-01-01-preview", {}],
  ])("azure's %s knows the words of its time", (apiVersion, expected) => {
    expect(make({ kind: "azure", baseUrl: "https://x.example", apiVersion }).quirks("m")).toEqual(expected);
  });
});

test("a simulated provider calls the simulator, any other the network", () => {
  expect(make({ kind: "sim" }).transport).toBe(simulator);
  expect(make({ kind: "openai" }).transport).toBe(transport);
});

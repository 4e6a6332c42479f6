import type { Catalogue, ChannelFacts, VendorFacts } from "../../src/core/catalogue.ts";

const vendors: VendorFacts[] = [
  { id: "openai", env: ["OPENAI_API_KEY"] },
  { id: "azure", env: ["AZURE_API_KEY"] },
  { id: "groq", env: ["GROQ_API_KEY"], api: "https://api.groq.example/v1" },
  { id: "nowhere", env: [] },
];

function facts(vendor: string, upstream: string, model: string, input?: bigint): ChannelFacts {
  return {
    vendor,
    upstream,
    model,
    ...(input === undefined ? {} : { price: { input, output: input * 4n } }),
    contextTokens: 128_000,
    outputTokens: 16_000,
    lacks: ["audio"],
  };
}

const channels: ChannelFacts[] = [
  facts("openai", "gpt-4o", "openai/gpt-4o", 2_500_000_000n),
  facts("openai", "gpt-4o-mini", "openai/gpt-4o-mini", 150_000_000n),
  facts("openai", "gpt-new", "openai/gpt-new"),
  facts("azure", "gpt-4o", "openai/gpt-4o", 2_750_000_000n),
  facts("azure", "o3-a", "openai/o3", 1_000_000_000n),
  facts("azure", "o3-b", "openai/o3", 2_000_000_000n),
  facts("groq", "llama-3.3-70b-versatile", "meta/llama-3.3-70b", 590_000_000n),
];

/** A few vendors and models, with prices that tell them apart. */
export const fakeCatalogue: Catalogue = {
  source: "test",
  date: "2026-11-01",
  vendors: () => vendors,
  vendor: (id) => vendors.find((vendor) => vendor.id === id),
  channel: (vendor, upstream) =>
    channels.find((each) => each.vendor === vendor && each.upstream === upstream),
  channels: (vendor) => channels.filter((each) => each.vendor === vendor),
};

import type { Intent } from "../../src/core/settlement.ts";

export function sampleIntent(id: string): Intent {
  return {
    id,
    at: 1_000,
    keyId: "key_1",
    project: "shop",
    model: "openai/gpt-4o",
    channel: "openai/gpt-4o",
    provider: "openai",
    dialect: "openai-chat",
    stream: true,
    inputBytes: 400,
  };
}

import type { ChatDialectId } from "../../../src/core/extra.ts";

/** A way to an emulated vendor: how it is configured, and what the vendor must then see. */
export interface Upstream {
  /** Id of the provider. */
  readonly id: string;
  /** What it speaks. */
  readonly dialect: ChatDialectId;
  /** Its model or deployment. */
  readonly model: string;
  /** Settings in entente.yaml, less the address. */
  readonly settings: string;
  /** Put after the vendor's address. */
  readonly base: string;
  readonly path: string;
  readonly credential: readonly [header: string, value: string];
}

export const upstreams: readonly Upstream[] = [
  {
    id: "openai",
    dialect: "openai-chat",
    model: "gpt-5-mini",
    settings: "kind: openai, apiKey: sk-vendor, dialects: [openai-chat]",
    base: "/v1",
    path: "/v1/chat/completions",
    credential: ["authorization", "Bearer sk-vendor"],
  },
  {
    id: "openai-new",
    dialect: "openai-responses",
    model: "gpt-5",
    settings: "kind: openai, apiKey: sk-vendor, dialects: [openai-responses]",
    base: "/v1",
    path: "/v1/responses",
    credential: ["authorization", "Bearer sk-vendor"],
  },
  {
    id: "azure-old",
    dialect: "openai-chat",
    model: "our-gpt",
    settings: "kind: azure, apiKey: azure-secret, apiVersion: 2024-10-21",
    base: "",
    path: "/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21",
    credential: ["api-key", "azure-secret"],
  },
  {
    id: "azure-v1",
    dialect: "openai-responses",
    model: "gpt-5",
    settings: "kind: azure, apiKey: azure-secret, dialects: [openai-responses]",
    base: "",
    path: "/openai/v1/responses",
    credential: ["api-key", "azure-secret"],
  },
  {
    id: "claude",
    dialect: "anthropic-messages",
    model: "claude-sonnet-4-5",
    settings: "kind: anthropic, apiKey: sk-ant-vendor",
    base: "",
    path: "/v1/messages",
    credential: ["x-api-key", "sk-ant-vendor"],
  },
];

/** entente.yaml's `providers` for these ways to the vendor at `url`, at $1 and $2 for a million tokens. */
export function providersOf(list: readonly Upstream[], url: string): string {
  const lines = list.map(
    ({ id, settings, base, model }) =>
      `  ${id}: {${settings}, baseUrl: "${url}${base}", models: [${model}], price: {input: 1, output: 2}}`,
  );
  return `providers:\n${lines.join("\n")}\n`;
}

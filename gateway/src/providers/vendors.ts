import type { Quirks } from "../core/dialect.ts";
import type { ProviderSettings } from "../core/provider-settings.ts";

/** What the catalogue does not say of a vendor that we can speak to. */
export interface Vendor {
  /** `openai-compatible` unless said. */
  readonly kind?: "openai-compatible" | "anthropic";
  /** Where the catalogue knows no address, or one for another dialect. */
  readonly baseUrl?: string;
  readonly quirks?: Quirks;
  /** Request headers of the client that may cross, lower case. */
  readonly forwardHeaders?: readonly string[];
  /** `false` where it does not list its models at `/models`. */
  readonly listsModels?: false;
  /** `false` where its key's variable is commonly set for other ends: found there, it is only told of. */
  readonly ownKey?: false;
}

const reasoning: Quirks = { reasoningField: "reasoning" };
const reasoningContent: Quirks = { reasoningField: "reasoning_content" };

// Where several vendors share one key variable (alibaba and alibaba-cn), the first here is the one that is set up.
const table: Readonly<Record<string, Vendor>> = {
  groq: { baseUrl: "https://api.groq.com/openai/v1", quirks: reasoning },
  // https://api-docs.deepseek.com: response_format knows text and json_object.
  deepseek: { quirks: { ...reasoningContent, jsonSchema: false } },
  // Refuses every field it does not know, `stream_options` among them; its streams always end with usage.
  mistral: { baseUrl: "https://api.mistral.ai/v1", quirks: { streamOptions: false } },
  xai: { baseUrl: "https://api.x.ai/v1", quirks: reasoningContent },
  togetherai: { baseUrl: "https://api.together.xyz/v1", quirks: reasoning },
  "fireworks-ai": { quirks: reasoningContent },
  openrouter: { quirks: reasoning, forwardHeaders: ["http-referer", "x-title"] },
  perplexity: { baseUrl: "https://api.perplexity.ai", listsModels: false },
  cerebras: {
    baseUrl: "https://api.cerebras.ai/v1",
    quirks: { ...reasoning, maxTokensField: "max_completion_tokens" },
  },
  deepinfra: { baseUrl: "https://api.deepinfra.com/v1/openai", quirks: reasoningContent },
  moonshotai: { quirks: reasoningContent },
  "moonshotai-cn": { quirks: reasoningContent },
  // https://docs.bigmodel.cn: response_format knows text and json_object.
  zhipuai: { quirks: { ...reasoningContent, jsonSchema: false } },
  zai: { quirks: { ...reasoningContent, jsonSchema: false } },
  alibaba: { quirks: reasoningContent },
  "alibaba-cn": { quirks: reasoningContent },
  siliconflow: { quirks: reasoningContent },
  "siliconflow-cn": { quirks: reasoningContent },
  google: { baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai" },
  // https://docs.cohere.com/docs/compatibility-api: refuses `stream_options`.
  cohere: { baseUrl: "https://api.cohere.ai/compatibility/v1", quirks: { streamOptions: false } },
  minimax: { kind: "anthropic" },
  "minimax-cn": { kind: "anthropic" },
  vercel: { baseUrl: "https://ai-gateway.vercel.sh/v1" },
  venice: { baseUrl: "https://api.venice.ai/api/v1" },
  v0: { baseUrl: "https://api.v0.dev/v1" },
  aihubmix: { baseUrl: "https://aihubmix.com/v1" },
  "github-models": { ownKey: false, listsModels: false },
  huggingface: { ownKey: false },
  wandb: { ownKey: false },
  digitalocean: { ownKey: false },
  "ollama-cloud": { quirks: reasoning },
  // Not in the catalogue: to be named in the configuration, with models and prices.
  baidu: { baseUrl: "https://qianfan.baidubce.com/v2", quirks: reasoningContent },
  ai21: { baseUrl: "https://api.ai21.com/studio/v1" },
  volcengine: { baseUrl: "https://ark.cn-beijing.volces.com/api/v3", quirks: reasoningContent },
  sambanova: { baseUrl: "https://api.sambanova.ai/v1" },
};

/** Vendors that speak openai-chat at the address that the catalogue knows, with no quirk known to us. */
const plain = [
  ..."302ai abacus abliteration-ai ambient anyapi auriko baseten berget chutes clarifai claudinio".split(" "),
  ..."cloudferro-sherlock cortecs crof dinference drun evroc fastrouter friendli frogbot gmicloud".split(" "),
  ..."helicone hpc-ai iflowcn inception inceptron inference io-net jiekou kilo lilac llama".split(" "),
  ..."llmgateway llmtr lucidquery meganova mixlayer moark modelscope morph nano-gpt nearai".split(" "),
  ..."nebius neuralwatt nova novita-ai nvidia opencode opencode-go orcarouter ovhcloud poe".split(" "),
  ..."poolside qihang-ai qiniu-ai regolo-ai requesty routing-run sakana sarvam scaleway stackit".split(" "),
  ..."stepfun stepfun-ai subconscious submodel synthetic tencent-tokenhub the-grid-ai tinfoil".split(" "),
  ..."umans-ai upstage vultr wafer.ai xiaomi xpersona zeldoc zenmux".split(" "),
];

/** Vendors by catalogue id, besides OpenAI, Anthropic and Azure which are kinds of their own. */
export const vendors: ReadonlyMap<string, Vendor> = new Map([
  ...Object.entries(table),
  ...plain.map((id): [string, Vendor] => [id, {}]),
]);

/** The part of the catalogue that is asked here. */
export interface VendorAddresses {
  vendor(id: string): { readonly api?: string } | undefined;
}

/**
 * Settings with the address of their vendor filled in where they have none. Unchanged where neither we nor the
 * catalogue know it.
 */
export function withVendorAddress(settings: ProviderSettings, catalogue: VendorAddresses): ProviderSettings {
  if (settings.baseUrl !== undefined || settings.vendor === undefined) return settings;
  const baseUrl = vendors.get(settings.vendor)?.baseUrl ?? catalogue.vendor(settings.vendor)?.api;
  // Some addresses in the catalogue have a part to be filled in: `https://${DATABRICKS_HOST}/...`.
  return baseUrl === undefined || baseUrl.includes("${") ? settings : { ...settings, baseUrl };
}

import type { z } from "zod";
import type { Quirks } from "../core/dialect.ts";
import type { ChatDialectId } from "../core/extra.ts";
import type { ProviderKind, ProviderSettings } from "../core/provider-settings.ts";
import { priceSchema } from "./schema-channels.ts";
import { someDeadlinesSchema } from "./schema-server.ts";
import { flag, list, matching, name, named, oneOf, scalar, section, text } from "./settings.ts";

const kinds = [
  "openai",
  "azure",
  "anthropic",
  "ollama",
  "openai-compatible",
  "sim",
] as const satisfies ProviderKind[];

const dialects = ["openai-chat", "openai-responses", "anthropic-messages"] as const satisfies ChatDialectId[];

/** What the API of each kind has a path for. */
const spoken: Readonly<Record<ProviderKind, readonly ChatDialectId[]>> = {
  openai: ["openai-chat", "openai-responses"],
  azure: ["openai-chat", "openai-responses"],
  anthropic: ["anthropic-messages"],
  ollama: ["openai-chat"],
  "openai-compatible": ["openai-chat", "openai-responses"],
  sim: dialects,
};

const quirksSchema = section({
  maxTokensField: oneOf(["max_tokens", "max_completion_tokens"])
    .exactOptional()
    .describe("Name of the field for the output limit."),
  developerRole: flag().exactOptional().describe("`false` sends `developer` messages as `system`."),
  streamOptions: flag().exactOptional().describe("`false` where `stream_options` is rejected."),
  reasoningField: oneOf(["reasoning_content", "reasoning"])
    .exactOptional()
    .describe("Field in which the chain of thought comes."),
  jsonSchema: flag()
    .exactOptional()
    .describe("`false` where `response_format.type: json_schema` is rejected."),
  thinking: oneOf(["budget", "adaptive"])
    .exactOptional()
    .describe("anthropic: how effort is asked for; older models know only a token budget."),
  systemTurns: flag()
    .exactOptional()
    .describe("anthropic: `true` where a system message may follow a user turn (Claude Opus 4.8 and later)."),
}) satisfies z.ZodType<Quirks>;

/** Headers that belong to the connection or to the gateway itself. */
const ownHeaders = new Set([
  "host",
  "connection",
  "content-length",
  "content-type",
  "transfer-encoding",
  "te",
  "upgrade",
  "expect",
  "accept-encoding",
]);

const headerName = name(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "a header name").refine(
  (name) => !ownHeaders.has(name.toLowerCase()),
  { error: "a header that the gateway does not set itself" },
);
const headerValue = matching(/^[\t\x20-\x7e\x80-\xff]*$/, "a header value on one line");

function isBaseUrl(value: string): boolean {
  const url = URL.parse(value);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
  );
}

const baseUrl = scalar(
  (value) => (typeof value === "string" && isBaseUrl(value) ? value.replace(/\/+$/, "") : undefined),
  "an http(s) URL without user, query or fragment",
  { type: "string" },
);

const settings = section({
  kind: oneOf(kinds).describe("Which API it speaks."),
  vendor: text("a vendor's catalogue id")
    .exactOptional()
    .describe(
      "Vendor in the catalogue whose models and prices apply: `groq`, `deepseek`. Not set: the kind's own.",
    ),
  baseUrl: baseUrl
    .exactOptional()
    .describe("Where the API is, up to before `/chat/completions`. Not set: the vendor's public address."),
  apiKey: text()
    .exactOptional()
    .describe("Key for the API. Write `${NAME}` and keep the key in the environment."),
  credential: oneOf(["api-key", "entra"])
    .exactOptional()
    .describe("azure: how to sign in. `entra` takes the identity of the machine or of `AZURE_*`."),
  apiVersion: matching(/^[\w.-]+$/, "an api-version such as 2024-10-21")
    .exactOptional()
    .describe("azure: use the deployment paths with this api-version. Not set: the v1 API."),
  headers: named(headerName, headerValue, "headers by name")
    .exactOptional()
    .describe("More headers to send with every call."),
  quirks: quirksSchema.exactOptional().describe("How it differs from the API that it speaks."),
  dialects: list(oneOf(dialects), "a list of dialects")
    .min(1, { error: "at least one dialect" })
    .exactOptional()
    .describe(
      "Dialects to call it in, preferred first, whatever the model. Not set: what is known of its kind and the model; `openai-compatible` is called in `openai-chat` alone.",
    ),
  models: list(text("a model's name at the provider"), "a list of model names")
    .exactOptional()
    .describe(
      "Models to offer, by the provider's own names. Not set: all that the catalogue knows of the vendor.",
    ),
  price: priceSchema
    .exactOptional()
    .describe("Price of every model here that has none of its own under `channels`."),
  deadlines: someDeadlinesSchema.exactOptional().describe("In place of the general deadlines."),
});

type Settings = z.output<typeof settings>;

/** Settings that only some kinds have: setting -> those kinds. */
const onlyFor: Partial<Record<keyof Settings, readonly ProviderKind[]>> = {
  credential: ["azure"],
  apiVersion: ["azure"],
  apiKey: ["openai", "azure", "anthropic", "ollama", "openai-compatible"],
  baseUrl: ["openai", "azure", "anthropic", "ollama", "openai-compatible"],
  vendor: ["openai", "azure", "anthropic", "ollama", "openai-compatible"],
};

/** Azure has deployment paths, which a dated api-version asks for, only for chat completions. */
function spokenBy({ kind, apiVersion }: Settings): readonly ChatDialectId[] {
  return kind === "azure" && apiVersion !== undefined && /^\d{4}-/.test(apiVersion)
    ? ["openai-chat"]
    : spoken[kind];
}

function misfit(
  provider: Settings,
): { readonly setting: keyof Settings; readonly message: string } | undefined {
  for (const [setting, allowed] of Object.entries(onlyFor) as [keyof Settings, readonly ProviderKind[]][]) {
    if (provider[setting] !== undefined && !allowed.includes(provider.kind))
      return { setting, message: `a provider of kind '${provider.kind}' has no such setting` };
  }
  if (provider.credential === "entra" && provider.apiKey !== undefined)
    return { setting: "apiKey", message: "'credential: entra' needs no key; remove one of the two" };
  const unspoken = provider.dialects?.find((dialect) => !spokenBy(provider).includes(dialect));
  if (unspoken !== undefined)
    return {
      setting: "dialects",
      message: `'${unspoken}' is not spoken here; write some of ${spokenBy(provider).join(", ")}`,
    };
  if (provider.baseUrl !== undefined) return undefined;
  if (provider.kind === "azure")
    return { setting: "baseUrl", message: "missing; write https://NAME.openai.azure.com" };
  if (provider.kind === "openai-compatible" && provider.vendor === undefined)
    return { setting: "baseUrl", message: "missing; write where the API is, or a `vendor` of the catalogue" };
  return undefined;
}

const providerSchema = settings.superRefine((provider, context) => {
  const found = misfit(provider);
  if (found !== undefined)
    context.addIssue({
      code: "custom",
      path: [found.setting],
      message: found.message,
      params: { whole: true },
    });
}) satisfies z.ZodType<Omit<ProviderSettings, "id">>;

/** Id of a provider: the first half of its channels' ids, so it has no slash. */
const providerId = name(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "an id of letters, digits, '.', '_' and '-'");

export const providersSchema = named(providerId, providerSchema, "providers by id");

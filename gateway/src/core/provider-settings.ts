import type { Quirks } from "./dialect.ts";
import type { ChatDialectId } from "./extra.ts";

export type ProviderKind = "openai" | "azure" | "anthropic" | "ollama" | "openai-compatible" | "sim";

/** What makes a provider: from the config file, or found in the environment. */
export interface ProviderSettings {
  readonly id: string;
  readonly kind: ProviderKind;
  /** Catalogue id whose models and prices apply: `groq`, `deepseek`. Absent: the kind's own, if it has one. */
  readonly vendor?: string;
  /** Scheme, host and optional path prefix, without a trailing slash. */
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** azure: how to sign in; absent: `api-key`. */
  readonly credential?: "api-key" | "entra";
  /** azure: `deployment` paths with this api-version, or absent for the v1 surface. */
  readonly apiVersion?: string;
  /** Extra request headers to the provider. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks;
  /** Chat dialects to call it in, preferred first, whatever the model; absent: what is known of kind and model. */
  readonly dialects?: readonly ChatDialectId[];
  /** Upstream models to offer; absent: all that the catalogue knows of the vendor. */
  readonly models?: readonly string[];
}

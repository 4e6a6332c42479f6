import type { Quirks } from "../core/dialect.ts";
import type { ChatDialectId } from "../core/extra.ts";
import type { Transport } from "./upstream.ts";

export interface Target {
  readonly origin: string;
  readonly path: string;
}

/** A vendor account or an engine: data plus a few functions. */
export interface Provider {
  /** As configured: `openai`, `azure-eu`, `house-vllm`. */
  readonly id: string;
  /** Which table entry it is made from: `openai`, `azure`, `anthropic`, `ollama`, `openai-compatible`, `sim`. */
  readonly kind: string;
  /**
   * Chat dialects it speaks for an upstream model, preferred first. A call in one of them is passed through; any other is translated
   * to the first.
   */
  chatDialects(upstream: string): readonly ChatDialectId[];
  quirks(upstream: string): Quirks;
  target(call: {
    readonly dialect: ChatDialectId;
    readonly upstream: string;
    readonly stream: boolean;
  }): Target;
  /** Where the vendor itself counts the tokens of an anthropic-messages request; absent where it cannot. */
  readonly countTokensTarget?: Target;
  /** Where `{data:[{id}]}` lists its models, for health checks and discovery; undefined where it has no such list. */
  readonly modelsTarget?: Target;
  /**
   * Headers that carry the credentials (and the vendor's version header). Synchronous where the credential is at
   * hand, so that the hot path does not wait; a promise where a token must be fetched.
   */
  authorize(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Request headers of the client that may cross, lower case: `anthropic-beta`, `openai-organization`. */
  readonly forwardHeaders: readonly string[];
  readonly transport: Transport;
}

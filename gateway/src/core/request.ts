import type { ChatDialectId, Extra } from "./extra.ts";
import type { JsonObject } from "./json.ts";
import type { CacheMarker, Part } from "./part.ts";

/**
 * One turn. Normal form: `parts` is not empty; tool results stand only in `tool` messages, all results that answer
 * one assistant turn in one such message, so no two `tool` messages are adjacent. A `system` or `developer` message
 * may stand anywhere; dialects with a separate system field take the leading ones.
 */
export interface Message {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool";
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly extra?: Extra;
}

export type Tool =
  | {
      readonly type: "function";
      readonly name: string;
      readonly description?: string;
      /** JSON Schema of the arguments. */
      readonly parameters?: JsonObject;
      readonly strict?: boolean;
      readonly cache?: CacheMarker;
      readonly extra?: Extra;
    }
  /** A tool that takes free text (OpenAI's custom tools). `format` verbatim in the Responses API's shape. */
  | {
      readonly type: "custom";
      readonly name: string;
      readonly description?: string;
      readonly format?: JsonObject;
      readonly extra?: Extra;
    }
  /** A tool that runs at one vendor (web search, code interpreter, MCP): verbatim. */
  | { readonly type: "vendor"; readonly origin: ChatDialectId; readonly value: JsonObject };

export type ToolChoice =
  | { readonly type: "auto" }
  | { readonly type: "none" }
  /** At least one call of any tool. */
  | { readonly type: "required" }
  | { readonly type: "tool"; readonly name: string; readonly custom?: boolean }
  | { readonly type: "vendor"; readonly origin: ChatDialectId; readonly value: JsonObject };

export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      /** OpenAI requires a name; Anthropic has none. */
      readonly name?: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
    };

export interface ReasoningRequest {
  /** Absent: the vendor decides. `adaptive` is Anthropic's word for "think when it helps". */
  readonly mode?: "enabled" | "disabled" | "adaptive";
  readonly effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
  readonly budgetTokens?: number;
  readonly summary?: "auto" | "concise" | "detailed" | "omitted";
  /** The caller wants ciphertext of the reasoning, to send back in the next turn. */
  readonly encrypted?: boolean;
}

/** The neutral form of a chat call. Unset is undefined; a dialect never invents a value on decode. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  /** Whether a streaming caller asked to be told usage; undefined where the dialect always tells. */
  readonly streamUsage?: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly logitBias?: Readonly<Record<string, number>>;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** How many answers. */
  readonly n?: number;
  /** `top`: how many alternatives for each token, 0 to 20. */
  readonly logprobs?: { readonly top?: number };
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly reasoning?: ReasoningRequest;
  readonly verbosity?: "low" | "medium" | "high";
  readonly metadata?: Readonly<Record<string, string>>;
  /** The caller's own end user, for the vendor's abuse detection. */
  readonly user?: string;
  readonly serviceTier?: string;
  readonly promptCache?: { readonly key?: string; readonly retention?: string };
  /** Keep the answer for later retrieval (OpenAI's `store`). */
  readonly store?: boolean;
  readonly previousResponseId?: string;
  readonly extra?: Extra;
}

import type { ChatDialectId, Extra } from "./extra.ts";
import type { JsonObject } from "./json.ts";

/** Marks the end of a prefix that the provider should cache. Anthropic's `cache_control`. */
export interface CacheMarker {
  readonly ttl?: "5m" | "1h";
}

/** Where the bytes of an image, audio clip or file are. `data` is base64 without a `data:` prefix. */
export type MediaSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "base64"; readonly mediaType: string; readonly data: string }
  | { readonly kind: "text"; readonly mediaType: string; readonly text: string }
  /** A file uploaded at one vendor; means nothing at another. */
  | { readonly kind: "id"; readonly id: string; readonly origin: ChatDialectId };

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
  readonly top?: readonly TokenLogprob[];
}

/**
 * A source that supports a span of text. `kind: "url"` is a web page (start and end are character offsets in the
 * answer); `kind: "document"` quotes a document of the request, by its order of appearance.
 */
export type Citation =
  | {
      readonly kind: "url";
      readonly url: string;
      readonly title?: string;
      readonly start?: number;
      readonly end?: number;
      readonly extra?: Extra;
    }
  | {
      readonly kind: "document";
      readonly document: number;
      readonly title?: string;
      readonly quote: string;
      readonly unit: "char" | "page" | "block";
      readonly start: number;
      readonly end: number;
      readonly extra?: Extra;
    }
  /** A citation in a form that only one vendor has. */
  | { readonly kind: "vendor"; readonly origin: ChatDialectId; readonly value: JsonObject };

export interface TextPart {
  readonly type: "text";
  readonly text: string;
  readonly citations?: readonly Citation[];
  readonly logprobs?: readonly TokenLogprob[];
  readonly cache?: CacheMarker;
  readonly extra?: Extra;
}

export interface ImagePart {
  readonly type: "image";
  readonly source: MediaSource;
  readonly detail?: "low" | "high" | "auto" | "original";
  readonly cache?: CacheMarker;
  readonly extra?: Extra;
}

export interface AudioPart {
  readonly type: "audio";
  readonly source: MediaSource;
  /** Container or codec in the vendors' word: `wav`, `mp3`, ... */
  readonly format?: string;
  readonly transcript?: string;
  readonly extra?: Extra;
}

export interface FilePart {
  readonly type: "file";
  readonly source: MediaSource;
  readonly filename?: string;
  readonly title?: string;
  readonly context?: string;
  /** The caller wants citations into this document. */
  readonly citations?: boolean;
  readonly cache?: CacheMarker;
  readonly extra?: Extra;
}

/**
 * Opaque proof or ciphertext by which a vendor recognises its own reasoning in a later turn (Anthropic's
 * `signature` and redacted `data`, OpenAI's `encrypted_content`). Only the origin can read it.
 */
export interface ReasoningSignature {
  readonly origin: ChatDialectId;
  readonly value: string;
}

export interface ReasoningPart {
  readonly type: "reasoning";
  /** The vendor's own id of this item, if it has one (OpenAI Responses `rs_...`). */
  readonly id?: string;
  /** The chain of thought itself, where the vendor shows it. */
  readonly text?: string;
  /** Summaries written for the reader. */
  readonly summary?: readonly string[];
  readonly signature?: ReasoningSignature;
  /** True where the vendor hid the text and `signature` is all there is. */
  readonly redacted?: boolean;
  readonly extra?: Extra;
}

export interface ToolCallPart {
  readonly type: "tool_call";
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it (it may be cut short); free text where `custom`. */
  readonly arguments: string;
  readonly custom?: boolean;
  readonly cache?: CacheMarker;
  readonly extra?: Extra;
}

export interface ToolResultPart {
  readonly type: "tool_result";
  /** The id of the tool call that this answers. */
  readonly id: string;
  readonly content: readonly (TextPart | ImagePart | FilePart)[];
  readonly isError?: boolean;
  readonly custom?: boolean;
  readonly cache?: CacheMarker;
  readonly extra?: Extra;
}

export interface RefusalPart {
  readonly type: "refusal";
  readonly text: string;
  readonly logprobs?: readonly TokenLogprob[];
}

/** A block that only its origin understands (server-side tools and their results, compaction, ...): kept verbatim. */
export interface VendorPart {
  readonly type: "vendor";
  readonly origin: ChatDialectId;
  readonly value: JsonObject;
}

export type Part =
  | TextPart
  | ImagePart
  | AudioPart
  | FilePart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | RefusalPart
  | VendorPart;

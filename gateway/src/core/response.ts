import type { Extra } from "./extra.ts";
import type { Part } from "./part.ts";
import type { Usage } from "./usage.ts";

/**
 * Why the model stopped. `stop_sequence` names it where the vendor says; `pause` is a server-side tool loop that
 * wants to be continued; `other` keeps the vendor's word in `raw`.
 */
export interface Finish {
  readonly reason:
    | "stop"
    | "stop_sequence"
    | "length"
    | "context_window"
    | "tool_calls"
    | "content_filter"
    | "refusal"
    | "pause"
    | "other";
  readonly stopSequence?: string;
  readonly raw?: string;
}

export interface Choice {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly finish: Finish;
  readonly extra?: Extra;
}

/** A whole answer. `created` in Unix seconds. */
export interface ChatResponse {
  readonly id: string;
  readonly model: string;
  readonly created?: number;
  readonly choices: readonly Choice[];
  readonly usage?: Usage;
  readonly serviceTier?: string;
  readonly extra?: Extra;
}

import type { ChatDialectId, Extra } from "./extra.ts";
import type { ProviderFailure } from "./failure.ts";
import type { JsonObject } from "./json.ts";
import type { Citation, Part, ReasoningSignature, TokenLogprob } from "./part.ts";
import type { Finish } from "./response.ts";
import type { Usage } from "./usage.ts";

/** What a delta adds to the part it names. */
export type Delta =
  /** Text of a text or refusal part, or of the chain of thought in a reasoning part. */
  | { readonly kind: "text"; readonly text: string; readonly logprobs?: readonly TokenLogprob[] }
  /** JSON text of a tool call's arguments, or a custom tool's input. */
  | { readonly kind: "arguments"; readonly text: string }
  /** Text of the `index`-th summary of a reasoning part. */
  | { readonly kind: "summary"; readonly index: number; readonly text: string }
  | { readonly kind: "signature"; readonly signature: ReasoningSignature }
  | { readonly kind: "citation"; readonly citation: Citation }
  /** A delta in a form that only one vendor has. */
  | { readonly kind: "vendor"; readonly origin: ChatDialectId; readonly value: JsonObject };

/**
 * A streamed answer. Order: `start` once; then for each choice parts that each start, grow and end (`part` counts
 * from 0 within its choice), and one `finish`; `end` once, or `error` in place of all that is missing.
 * `part_start.part` holds what is known at that point: text "" and arguments "" before any delta.
 */
export type ChatEvent =
  | {
      readonly type: "start";
      readonly id: string;
      readonly model: string;
      readonly created?: number;
      readonly serviceTier?: string;
      /** What the vendor already knows (Anthropic counts the input before it answers). */
      readonly usage?: Usage;
      readonly extra?: Extra;
    }
  | { readonly type: "part_start"; readonly choice: number; readonly index: number; readonly part: Part }
  | { readonly type: "part_delta"; readonly choice: number; readonly index: number; readonly delta: Delta }
  | {
      readonly type: "part_end";
      readonly choice: number;
      readonly index: number;
      /** The whole part in place of what was accumulated, where the vendor sends it whole at the end. */
      readonly part?: Part;
    }
  | { readonly type: "finish"; readonly choice: number; readonly finish: Finish; readonly extra?: Extra }
  | { readonly type: "end"; readonly usage?: Usage; readonly serviceTier?: string; readonly extra?: Extra }
  | { readonly type: "error"; readonly failure: ProviderFailure }
  /** A frame that only its origin understands: kept verbatim, in its place. */
  | { readonly type: "vendor"; readonly origin: ChatDialectId; readonly value: JsonObject };

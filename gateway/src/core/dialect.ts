import type { ChatEvent } from "./event.ts";
import type { ChatDialectId } from "./extra.ts";
import type { ProviderFailure } from "./failure.ts";
import type { Fault } from "./fault.ts";
import type { JsonObject } from "./json.ts";
import type { Encoded } from "./loss.ts";
import type { ChatRequest } from "./request.ts";
import type { ChatResponse } from "./response.ts";
import type { Usage } from "./usage.ts";

/** One unit of a framed stream. Server-sent events: `event` is the event name, `data` the joined data lines. */
export interface Frame {
  readonly event?: string;
  readonly data: string;
}

/** Deviations of a vendor from its dialect, declared by name on the provider. Absent: the dialect's author's behaviour. */
export interface Quirks {
  /** openai-chat: the field for the output limit; OpenAI's own is `max_completion_tokens`. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** openai-chat: `false` sends `developer` messages as `system`. */
  readonly developerRole?: boolean;
  /** openai-chat: `false` where `stream_options` is rejected. */
  readonly streamOptions?: boolean;
  /** openai-chat: where the vendor puts the chain of thought. */
  readonly reasoningField?: "reasoning_content" | "reasoning";
  /** openai-chat: `false` where `response_format.type: json_schema` is rejected (sent as `json_object`, a loss). */
  readonly jsonSchema?: boolean;
  /** anthropic-messages: how effort is asked for; older models know only a token budget. */
  readonly thinking?: "budget" | "adaptive";
  /** anthropic-messages: `true` where `role: "system"` may follow a user turn (Claude Opus 4.8 and later). */
  readonly systemTurns?: boolean;
}

/** What a request encoder may need to know of the channel it encodes for. */
export interface RequestTarget {
  readonly quirks: Quirks;
  /** The channel's output limit in tokens; used where the dialect requires a limit and the caller gave none. */
  readonly maxOutputTokens?: number;
}

/** What a response encoder may need to know of the call it answers. Ids and times come from here, never from globals. */
export interface AnswerContext {
  /** The call as the client made it, in the neutral form. */
  readonly request: ChatRequest;
  /** Random part for ids that the dialect requires and the provider did not give. 24 letters and digits. */
  readonly token: string;
  /** Unix seconds, for fields that the dialect requires and the provider did not give. */
  readonly now: number;
}

/** Turns frames into neutral events. */
export interface StreamDecoder {
  /** Never throws on bad data: an undecodable frame is an `error` event. */
  push(frame: Frame): ChatEvent[];
  /** The bytes ended. An `error` event where the stream was not complete. */
  end(): ChatEvent[];
}

/** Turns neutral events into frames. */
export interface StreamEncoder {
  push(event: ChatEvent): Frame[];
  /** What could not be said so far; told to the client in a comment at the end of the stream. */
  readonly losses: readonly string[];
}

/** What the relay must know of a request before it decodes the whole of it. */
export interface RequestPeek {
  readonly model: string;
  readonly stream: boolean;
  readonly streamUsage?: boolean;
  readonly maxOutputTokens?: number;
  readonly n?: number;
  /** Features a channel must have; found by a shallow look, never a deep walk of the conversation's text. */
  readonly features: readonly Feature[];
}

export type Feature =
  | "tools"
  | "image"
  | "audio"
  | "file"
  | "json_schema"
  | "reasoning"
  | "logprobs"
  | "vendor_tools";

/**
 * What the tap looks for in the bytes of a stream it passes through. Every marker is an ASCII byte string matched in
 * the raw frame, so that a frame is parsed only when it matters.
 */
export interface TapMarkers {
  /** A string value follows: what the model wrote. Counted where the vendor reports no usage. */
  readonly text: readonly string[];
  /** The frame reports usage. */
  readonly usage: readonly string[];
  /** The frame completes the stream. */
  readonly complete: readonly string[];
  /** The frame is an error. */
  readonly error: readonly string[];
}

/** A wire language for chat: four pairs of pure functions, ignorant of HTTP, keys, providers and other dialects. */
export interface ChatDialect {
  readonly id: ChatDialectId;
  readonly request: {
    /** @throws Fault `invalid_request` with the path of the first field of a wrong type. */
    peek(body: JsonObject): RequestPeek;
    /** @throws Fault `invalid_request` with the path of the first field of a wrong type. */
    decode(body: JsonObject): ChatRequest;
    /** @throws Fault `vendor_only` for tools and parts that only another vendor understands. */
    encode(request: ChatRequest, target: RequestTarget): Encoded<JsonObject>;
    /**
     * Top-level fields to set on a body that is otherwise passed through as the client wrote it, so that the provider
     * reports usage (openai-chat: `stream_options`); empty where it does so unasked.
     */
    meteringFields(body: JsonObject, quirks: Quirks): JsonObject;
    /** Whether a vendor with these quirks understands the body as the client wrote it; else it is decoded and encoded. */
    passes(body: JsonObject, quirks: Quirks): boolean;
  };
  readonly response: {
    /** The top-level field that every whole answer has and no error has: a cheap check before bytes are passed through. */
    readonly answerField: string;
    /** @throws Fault `provider_bad_answer` where the body is not an answer in this dialect. */
    decode(body: JsonObject): ChatResponse;
    encode(response: ChatResponse, context: AnswerContext): Encoded<JsonObject>;
  };
  readonly stream: {
    decoder(): StreamDecoder;
    encoder(context: AnswerContext): StreamEncoder;
    readonly tap: TapMarkers;
    /** Usage in the JSON of a frame or of a whole answer; undefined where it has none. Partial reports are merged by the caller. */
    usage(data: JsonObject): Usage | undefined;
    /** True for a frame that exists only because `meteringFields` asked for it: kept from a client that did not. */
    isMeteringFrame(data: JsonObject): boolean;
  };
  readonly error: {
    /** `body` is undefined where the vendor's answer was not a JSON object. */
    decode(status: number, body: JsonObject | undefined): ProviderFailure;
    encode(fault: Fault, requestId: string): JsonObject;
    /** The frame that ends a stream which has already begun. */
    frame(fault: Fault, requestId: string): Frame;
  };
}

import type { Frame, StreamDecoder } from "../../core/dialect.ts";
import type { ChatEvent } from "../../core/event.ts";
import type { ProviderFailure } from "../../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/usage.ts";
import { openaiFailure } from "../openai-error.ts";
import { Reader } from "../reader.ts";
import { id } from "./id.ts";
import { choiceReader, InterleavedCalls, StreamChoice } from "./stream-choice.ts";
import { findUsage } from "./usage.ts";

/** Most choices of one stream; OpenAI's own limit for `n`. */
const mostChoices = 128;

/** Fields of every chunk that are known, or are noise: `obfuscation` and `p` are random padding. */
const chunkFields = [
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "service_tier",
  "obfuscation",
  "p",
] as const;

function parse(data: string): Json | undefined {
  try {
    return JSON.parse(data) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Chunks to events. The stream is complete with `[DONE]` alone; choices finish there, since vendors send more about
 * a choice after its `finish_reason`. Azure's first chunk has no id, no model and no choices: what it says goes with
 * the next one's.
 */
export class ChunkDecoder implements StreamDecoder {
  readonly #choices = new Map<number, StreamChoice>();
  #started = false;
  #done = false;
  #id = "";
  #model = "";
  #created: number | undefined;
  #serviceTier: string | undefined;
  #startedTier: string | undefined;
  #usage: Usage | undefined;
  /** What no other field says: until the start it goes with that, then with the end. */
  #fields: JsonObject = {};
  readonly #said = new Map<string, Json>();

  push(frame: Frame): ChatEvent[] {
    if (this.#done) return [];
    const data = frame.data.trim();
    if (data === "") return [];
    if (data === "[DONE]") return this.#finish();
    const chunk = parse(data);
    if (!isJsonObject(chunk))
      return this.#fail({ code: "provider_bad_answer", message: "A frame is not JSON." });
    const error = Object.hasOwn(chunk, "error") ? chunk["error"] : undefined;
    if ((error !== undefined && error !== null) || frame.event === "error") {
      return this.#fail(openaiFailure(undefined, chunk));
    }
    const usage = findUsage(chunk);
    this.#usage = usage ?? this.#usage;
    const choices = Object.hasOwn(chunk, "choices") ? chunk["choices"] : undefined;
    if (!Array.isArray(choices)) {
      return usage === undefined ? [{ type: "vendor", origin: id, value: chunk }] : [];
    }
    return this.#chunk(chunk, choices);
  }

  end(): ChatEvent[] {
    if (this.#done) return [];
    return this.#fail({ code: "provider_stream_broken", message: "The stream ended before [DONE]." });
  }

  #chunk(chunk: JsonObject, choices: readonly Json[]): ChatEvent[] {
    const events: ChatEvent[] = [];
    this.#envelope(Reader.answer(chunk));
    if (choices.length > 0) this.#start(events);
    for (const [position, value] of choices.entries()) {
      const reader = choiceReader(value, position);
      if (reader === undefined) continue;
      const index = reader.optionalInteger("index") ?? position;
      let choice = this.#choices.get(index);
      if (choice === undefined) {
        if (this.#choices.size === mostChoices) {
          return [...events, ...this.#fail({ code: "provider_bad_answer", message: "Too many choices." })];
        }
        choice = new StreamChoice(index);
        this.#choices.set(index, choice);
      }
      try {
        choice.push(reader, events);
      } catch (cause) {
        if (!(cause instanceof InterleavedCalls)) throw cause;
        const message = "A tool call went on after another had begun.";
        return [...events, ...this.#fail({ code: "provider_bad_answer", message })];
      }
    }
    return events;
  }

  #envelope(chunk: Reader): void {
    if (!this.#started) {
      this.#id = chunk.optionalString("id") || this.#id;
      this.#model = chunk.optionalString("model") || this.#model;
      // Azure's first chunk says 0.
      this.#created = chunk.optionalInteger("created") || this.#created;
    }
    this.#serviceTier = chunk.optionalString("service_tier") ?? this.#serviceTier;
    for (const field of chunkFields) chunk.take(field);
    const rest = chunk.rest(id);
    if (rest === undefined) return;
    for (const [key, value] of Object.entries(rest.fields)) {
      if (this.#said.get(key) === value) continue;
      this.#said.set(key, value);
      this.#fields = { ...this.#fields, [key]: value };
    }
  }

  #start(events: ChatEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    const fields = this.#fields;
    this.#fields = {};
    this.#startedTier = this.#serviceTier;
    events.push({
      type: "start",
      id: this.#id,
      model: this.#model,
      ...(this.#created === undefined ? {} : { created: this.#created }),
      ...(this.#serviceTier === undefined ? {} : { serviceTier: this.#serviceTier }),
      ...(Object.keys(fields).length === 0 ? {} : { extra: { dialect: id, fields } }),
    });
  }

  #finish(): ChatEvent[] {
    const events: ChatEvent[] = [];
    this.#start(events);
    for (const choice of this.#choices.values()) choice.end(events);
    this.#done = true;
    const tier = this.#serviceTier === this.#startedTier ? undefined : this.#serviceTier;
    events.push({
      type: "end",
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(tier === undefined ? {} : { serviceTier: tier }),
      ...(Object.keys(this.#fields).length === 0 ? {} : { extra: { dialect: id, fields: this.#fields } }),
    });
    return events;
  }

  #fail(failure: ProviderFailure): ChatEvent[] {
    this.#done = true;
    return [{ type: "error", failure }];
  }
}

import type { Delta } from "../../core/event.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Part, ReasoningPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { encodeAnnotation } from "./annotations.ts";
import { id } from "./id.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { encodeDetails, proofOf } from "./reasoning-details.ts";
import { encodeToolCall } from "./tool-calls.ts";

/** One chunk's share of a choice. */
interface Piece {
  readonly delta: JsonObject;
  readonly logprobs?: Json;
}

/** Writes one part of a stream, and at its end what the whole part says beyond its deltas. */
export class PartWriter {
  readonly #part: Part;
  /** Place among the tool calls or the reasoning blocks of its choice. */
  readonly #place: number;
  readonly #losses: Losses;
  readonly #path: string;
  #textLength = 0;
  #argumentsLength = 0;
  #citations = 0;
  #logprobs = 0;
  readonly #summaryLengths = new Map<number, number>();
  #signed = false;
  #said = false;

  constructor(part: Part, place: number, losses: Losses, path: string) {
    this.#part = part;
    this.#place = place;
    this.#losses = losses;
    this.#path = path;
  }

  /** True where it takes a place in `tool_calls`. */
  get isCall(): boolean {
    const part = this.#part;
    if (part.type === "tool_call") return true;
    return part.type === "vendor" && part.origin === id && vendorKind(part.value) === "call";
  }

  start(): Piece[] {
    const part = this.#part;
    switch (part.type) {
      case "tool_call": {
        const call = encodeToolCall({ ...part, arguments: "" }, this.#losses, this.#path);
        return [{ delta: { tool_calls: [{ ...call, index: this.#place }] } }, ...this.#rest(part)];
      }
      case "vendor":
        return this.#vendor(part.origin === id ? part.value : undefined);
      case "text":
        if (part.cache !== undefined) this.#losses.add(`${this.#path}.cache`);
        if (part.extra !== undefined) this.#losses.add(`${this.#path}.extra`);
        return this.#rest(part);
      case "refusal":
        return this.#rest(part);
      case "reasoning":
        return part.text === undefined && part.summary === undefined ? [] : this.#rest(part);
      default:
        this.#losses.add(this.#path);
        return [];
    }
  }

  grow(delta: Delta): Piece[] {
    const part = this.#part;
    switch (delta.kind) {
      case "text":
        this.#textLength += delta.text.length;
        if (part.type === "reasoning") return this.#reasoning("text", delta.text, 0);
        if (part.type !== "text" && part.type !== "refusal") return [];
        return this.#text(part.type, delta);
      case "arguments": {
        if (part.type !== "tool_call") return [];
        this.#argumentsLength += delta.text.length;
        const call =
          part.custom === true
            ? { index: this.#place, type: "custom", custom: { input: delta.text } }
            : { index: this.#place, function: { arguments: delta.text } };
        return [{ delta: { tool_calls: [call] } }];
      }
      case "summary": {
        const before = this.#summaryLengths.get(delta.index) ?? 0;
        this.#summaryLengths.set(delta.index, before + delta.text.length);
        return part.type === "reasoning" ? this.#reasoning("summary", delta.text, delta.index) : [];
      }
      case "signature":
        return part.type === "reasoning" ? this.#signature({ ...part, signature: delta.signature }) : [];
      case "citation": {
        const path = `${this.#path}.citations[${this.#citations}]`;
        this.#citations += 1;
        const annotation = encodeAnnotation(delta.citation, this.#losses, path);
        return annotation === undefined ? [] : [{ delta: { annotations: [annotation] } }];
      }
      case "vendor": {
        const audio = delta.origin === id ? delta.value["audio"] : undefined;
        if (isJsonObject(audio ?? null)) {
          this.#said = true;
          return [{ delta: { audio: audio as JsonObject } }];
        }
        this.#losses.add(this.#path);
        return [];
      }
      default:
        return [];
    }
  }

  end(whole: Part | undefined): Piece[] {
    const part = whole ?? this.#part;
    if (part.type === "reasoning") {
      const pieces = this.#rest(part);
      if (!this.#said && pieces.length === 0) return this.#block(part);
      return pieces;
    }
    return whole === undefined || whole.type === "vendor" ? [] : this.#rest(whole);
  }

  /** What a part says that was not said yet. */
  #rest(part: Part): Piece[] {
    const pieces: Piece[] = [];
    if (part.type === "text" || part.type === "refusal") {
      const text = part.text.slice(this.#textLength);
      const logprobs = (part.logprobs ?? []).slice(this.#logprobs);
      if (text !== "" || logprobs.length > 0) {
        pieces.push(...this.grow({ kind: "text", text, ...(logprobs.length === 0 ? {} : { logprobs }) }));
      }
    }
    if (part.type === "text") {
      for (const citation of (part.citations ?? []).slice(this.#citations)) {
        pieces.push(...this.grow({ kind: "citation", citation }));
      }
    }
    if (part.type === "tool_call") {
      const text = part.arguments.slice(this.#argumentsLength);
      if (text !== "") pieces.push(...this.grow({ kind: "arguments", text }));
    }
    if (part.type === "reasoning") {
      for (const [index, summary] of (part.summary ?? []).entries()) {
        const text = summary.slice(this.#summaryLengths.get(index) ?? 0);
        if (text !== "") pieces.push(...this.grow({ kind: "summary", index, text }));
      }
      const text = (part.text ?? "").slice(this.#textLength);
      if (text !== "") pieces.push(...this.grow({ kind: "text", text }));
      if (!this.#signed && part.signature !== undefined) pieces.push(...this.#signature(part));
    }
    return pieces;
  }

  #text(type: "text" | "refusal", delta: Delta & { kind: "text" }): Piece[] {
    const logprobs = delta.logprobs ?? [];
    this.#logprobs += logprobs.length;
    const field = type === "text" ? "content" : "refusal";
    return [
      {
        delta: { [field]: delta.text },
        ...(logprobs.length === 0
          ? {}
          : { logprobs: type === "text" ? encodeLogprobs(logprobs, []) : encodeLogprobs([], logprobs) }),
      },
    ];
  }

  /** Fields that every item of a block repeats. */
  #common(part: ReasoningPart): JsonObject {
    return {
      ...(this.#said ? {} : extraFields(part.extra, id, this.#losses, `${this.#path}.`)),
      ...(part.id === undefined ? {} : { id: part.id }),
      index: this.#place,
    };
  }

  #reasoning(kind: "text" | "summary", text: string, summary: number): Piece[] {
    if (this.#part.type !== "reasoning") return [];
    const item: JsonObject = {
      ...this.#common(this.#part),
      type: `reasoning.${kind}`,
      [kind]: text,
      ...(summary === 0 ? {} : { summary_index: summary }),
    };
    this.#said = true;
    return [{ delta: { reasoning_content: text, reasoning_details: [item] } }];
  }

  #signature(part: ReasoningPart): Piece[] {
    const shown = this.#textLength > 0 || this.#summaryLengths.size > 0;
    const proof = proofOf(part, shown);
    if (proof === undefined) return [];
    const item: JsonObject = {
      ...this.#common(part),
      ...(this.#textLength > 0
        ? { type: "reasoning.text", signature: proof }
        : { type: "reasoning.encrypted", data: proof }),
    };
    this.#said = true;
    this.#signed = true;
    return [{ delta: { reasoning_details: [item] } }];
  }

  /** A block of which no delta told anything. */
  #block(part: ReasoningPart): Piece[] {
    return [{ delta: { reasoning_details: encodeDetails(part, this.#place, this.#losses, this.#path) } }];
  }

  #vendor(value: JsonObject | undefined): Piece[] {
    const kind = value === undefined ? "foreign" : vendorKind(value);
    if (value === undefined || kind === "foreign" || Object.hasOwn(value, "index")) {
      this.#losses.add(this.#path);
      return [];
    }
    if (kind === "call") return [{ delta: { tool_calls: [{ ...value, index: this.#place }] } }];
    const audio = value["audio"];
    if (!isJsonObject(audio ?? null) || Object.keys(audio as JsonObject).length === 0) return [];
    return [{ delta: { audio: audio as JsonObject } }];
  }
}

/** Where a part of this dialect's own goes: see the decoder, which made it. */
function vendorKind(value: JsonObject): "call" | "audio" | "foreign" {
  if (value["type"] === "content_part") return "foreign";
  return value["type"] === "audio" ? "audio" : "call";
}

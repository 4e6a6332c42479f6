import type { ChatEvent, Delta } from "../../core/event.ts";
import type { Extra } from "../../core/extra.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Part } from "../../core/part.ts";
import type { Finish } from "../../core/response.ts";
import { Reader } from "../reader.ts";
import { decodeAnnotation } from "./annotations.ts";
import { decodeFinish } from "./finish.ts";
import { id } from "./id.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { nestedRest } from "./nested-extra.ts";
import { DetailGroup, groupKey, reasoningText } from "./reasoning-details.ts";
import { decodeContentItem } from "./response-decode.ts";
import { argumentsText, callKind, decodeToolCall } from "./tool-calls.ts";

/** Fragments of a tool call that has already ended: the neutral form has one part open at a time. */
export class InterleavedCalls extends Error {}

interface OpenPart {
  readonly key: string;
  readonly index: number;
  /** The whole part, where deltas do not say all of it. */
  readonly whole?: () => Part;
}

interface KnownCall {
  readonly key: string;
  readonly id: string;
  readonly index: number;
}

/** Objects one level deep are put together, so that a later chunk's `{}` does not erase what an earlier one said. */
function mergeFields(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged: [string, Json][] = Object.entries({ ...earlier, ...later });
  return Object.fromEntries(
    merged.map(([key, value]) => {
      const before = Object.hasOwn(earlier, key) ? earlier[key] : undefined;
      return [
        key,
        isJsonObject(value) && isJsonObject(before ?? null) ? { ...(before as JsonObject), ...value } : value,
      ];
    }),
  );
}

/** Base64 and transcript come in pieces; the id is repeated. */
function grownAudio(earlier: JsonObject, piece: JsonObject): JsonObject {
  const grown = Object.entries(piece).map(([key, value]): [string, Json] => {
    const before = Object.hasOwn(earlier, key) ? earlier[key] : undefined;
    const appended = typeof before === "string" && typeof value === "string" && key !== "id";
    return [key, appended ? before + value : value];
  });
  return { ...earlier, ...Object.fromEntries(grown) };
}

/** One choice of a stream: turns its deltas into parts, one open at a time. */
export class StreamChoice {
  readonly #choice: number;
  #next = 0;
  #open: OpenPart | undefined;
  readonly #calls: KnownCall[] = [];
  readonly #details = new Map<string, { readonly group: DetailGroup; readonly key: string }>();
  #audio: JsonObject | undefined;
  #refused = false;
  #finish: Finish | undefined;
  #fields: JsonObject | undefined;

  constructor(choice: number) {
    this.#choice = choice;
  }

  /** One chunk's share. @throws InterleavedCalls */
  push(chunk: Reader, events: ChatEvent[]): void {
    const delta = chunk.optionalObject("delta");
    const logprobs = chunk.optionalObject("logprobs");
    if (delta !== undefined) this.#delta(delta, logprobs, events);
    const finish = decodeFinish(chunk, this.#refused);
    chunk.take("finish_reason");
    this.#finish = finish ?? this.#finish;
    const rest = nestedRest(chunk, "delta", delta);
    if (rest === undefined) return;
    const { delta: inner, ...outer } = rest.fields;
    const fields = inner === undefined ? rest.fields : { ...outer, message: inner };
    this.#fields = this.#fields === undefined ? fields : mergeFields(this.#fields, fields);
  }

  /** The stream is complete. A choice whose finish was never told says `other`. */
  end(events: ChatEvent[]): void {
    this.#close(events);
    const extra: Extra | undefined =
      this.#fields === undefined ? undefined : { dialect: id, fields: this.#fields };
    events.push({
      type: "finish",
      choice: this.#choice,
      finish: this.#finish ?? { reason: "other" },
      ...(extra === undefined ? {} : { extra }),
    });
  }

  #delta(delta: Reader, logprobs: Reader | undefined, events: ChatEvent[]): void {
    delta.take("role");
    this.#reasoning(delta, events);
    this.#content(delta, logprobs, events);
    const refusal = delta.optionalString("refusal") ?? "";
    const refusalLogprobs = decodeLogprobs(logprobs, "refusal");
    if (refusal !== "" || refusalLogprobs !== undefined) {
      this.#refused = true;
      this.#start("refusal", { type: "refusal", text: "" }, events);
      this.#text(refusal, refusalLogprobs, events);
    }
    const calls = delta.optionalItems("tool_calls");
    if (calls !== undefined) for (const call of calls) this.#call(call, events);
    const legacy = delta.optionalObject("function_call");
    if (legacy !== undefined) this.#legacyCall(legacy, events);
    const audio = delta.optionalJson("audio");
    if (audio !== undefined) this.#addAudio(audio, events);
  }

  #reasoning(delta: Reader, events: ChatEvent[]): void {
    const text = reasoningText(delta);
    const details = delta.optionalItems("reasoning_details");
    if (details !== undefined && details.length > 0) {
      let shown = false;
      for (const detail of details) if (this.#detail(detail, events)) shown = true;
      if (shown) return;
    }
    if (text === undefined) return;
    this.#start("reasoning", { type: "reasoning" }, events);
    this.#text(text, undefined, events);
  }

  /** True where the item itself shows text, so that the plain field beside it repeats it. */
  #detail(detail: Reader, events: ChatEvent[]): boolean {
    if (this.#open?.key === "reasoning" && this.#signedLater(detail, events)) return false;
    const wire = groupKey(detail, 0);
    let entry = this.#details.get(wire);
    if (entry === undefined || this.#open?.key !== entry.key) {
      entry = { group: new DetailGroup(), key: `reasoning ${this.#next}` };
      this.#details.set(wire, entry);
    }
    const { group, key } = entry;
    const added = group.add(detail);
    if (this.#open?.key !== key) {
      const { text: _text, summary: _summary, signature: _signature, ...started } = group.part();
      this.#start(key, started, events, () => group.part());
    }
    if (added.summary !== undefined) this.#grow({ kind: "summary", ...added.summary }, events);
    if (added.text !== "") this.#text(added.text, undefined, events);
    const { signature } = group;
    if (added.signed && signature !== undefined) this.#grow({ kind: "signature", signature }, events);
    return added.text !== "" || added.summary !== undefined;
  }

  /** A signature alone, after text that came in the plain field, belongs to that text. */
  #signedLater(detail: Reader, events: ChatEvent[]): boolean {
    const alone = new DetailGroup();
    const added = alone.add(detail);
    const { signature } = alone;
    if (added.text !== "" || added.summary !== undefined || signature === undefined) return false;
    this.#grow({ kind: "signature", signature }, events);
    return true;
  }

  #content(delta: Reader, logprobs: Reader | undefined, events: ChatEvent[]): void {
    const content = delta.peek("content");
    const pieces: Part[] = [];
    if (typeof content === "string") {
      delta.take("content");
      if (content !== "") pieces.push({ type: "text", text: content });
    } else {
      for (const item of delta.optionalItems("content") ?? []) {
        const part = decodeContentItem(item);
        if (part !== undefined) pieces.push(part);
      }
    }
    const annotations = delta.optionalItems("annotations") ?? [];
    const contentLogprobs = decodeLogprobs(logprobs, "content");
    if (pieces.length === 0 && (contentLogprobs !== undefined || annotations.length > 0)) {
      pieces.push({ type: "text", text: "" });
    }
    for (const [position, piece] of pieces.entries()) {
      if (piece.type === "text") {
        this.#start("text", { type: "text", text: "" }, events);
        this.#text(piece.text, position === 0 ? contentLogprobs : undefined, events);
      } else if (piece.type === "reasoning") {
        this.#start("reasoning", { type: "reasoning" }, events);
        this.#text(piece.text ?? "", undefined, events);
      } else {
        this.#close(events);
        this.#start(`content ${this.#next}`, piece, events);
      }
    }
    for (const annotation of annotations) {
      this.#start("text", { type: "text", text: "" }, events);
      this.#grow({ kind: "citation", citation: decodeAnnotation(annotation) }, events);
    }
  }

  /**
   * A piece of a tool call. Found by `index`; vendors that leave it out or always say 0 (Mistral, Gemini) begin a new
   * call with a new id.
   */
  #call(call: Reader, events: ChatEvent[]): void {
    const index = call.optionalInteger("index");
    const kind = callKind(call);
    const callId = call.optionalString("id") ?? "";
    let known = this.#calls.findLast((one) => (index === undefined ? true : one.index === index));
    const inner = kind === "vendor" ? undefined : call.optionalObject(kind);
    const named = (inner?.optionalString("name") ?? "") !== "";
    if (known !== undefined && callId !== "" && callId !== known.id && (index === undefined || named)) {
      known = undefined;
    }
    if (known !== undefined) {
      if (this.#open?.key !== known.key) throw new InterleavedCalls();
      const text = argumentsText(inner?.take("arguments") ?? inner?.take("input"));
      if (text !== "") this.#grow({ kind: "arguments", text }, events);
      return;
    }
    const position = this.#calls.length;
    const part = decodeToolCall(call, `call_${position}`);
    const key = `call ${position}`;
    this.#calls.push({ key, id: callId, index: index ?? position });
    if (part.type === "vendor") {
      const { index: _, ...value } = part.value;
      this.#start(key, { ...part, value }, events);
      return;
    }
    this.#start(key, { ...part, arguments: "" }, events);
    if (part.arguments !== "") this.#grow({ kind: "arguments", text: part.arguments }, events);
  }

  #legacyCall(call: Reader, events: ChatEvent[]): void {
    const name = call.optionalString("name") ?? "";
    const text = argumentsText(call.take("arguments"));
    this.#start("legacy call", { type: "tool_call", id: "call_0", name, arguments: "" }, events);
    if (text !== "") this.#grow({ kind: "arguments", text }, events);
  }

  /** Audio comes as pieces of base64 and of its transcript under one id. */
  #addAudio(audio: JsonObject, events: ChatEvent[]): void {
    if (this.#audio === undefined) {
      this.#audio = {};
      this.#start(
        "audio",
        { type: "vendor", origin: id, value: { type: "audio", audio: {} } },
        events,
        () => ({
          type: "vendor",
          origin: id,
          value: { type: "audio", audio: this.#audio ?? {} },
        }),
      );
    }
    this.#audio = grownAudio(this.#audio, audio);
    if (this.#open?.key !== "audio") return;
    this.#grow({ kind: "vendor", origin: id, value: { type: "audio", audio } }, events);
  }

  #start(key: string, part: Part, events: ChatEvent[], whole?: () => Part): void {
    if (this.#open?.key === key) return;
    this.#close(events);
    const index = this.#next;
    this.#next += 1;
    this.#open = { key, index, ...(whole === undefined ? {} : { whole }) };
    events.push({ type: "part_start", choice: this.#choice, index, part });
  }

  #text(text: string, logprobs: ReturnType<typeof decodeLogprobs>, events: ChatEvent[]): void {
    if (text === "" && logprobs === undefined) return;
    this.#grow({ kind: "text", text, ...(logprobs === undefined ? {} : { logprobs }) }, events);
  }

  #grow(delta: Delta, events: ChatEvent[]): void {
    if (this.#open === undefined) return;
    events.push({ type: "part_delta", choice: this.#choice, index: this.#open.index, delta });
  }

  #close(events: ChatEvent[]): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const part = open.whole?.();
    events.push({
      type: "part_end",
      choice: this.#choice,
      index: open.index,
      ...(part === undefined ? {} : { part }),
    });
  }
}

/** Reads a chunk's choice. */
export function choiceReader(value: Json, position: number): Reader | undefined {
  return isJsonObject(value) ? Reader.answer(value, `choices[${position}]`) : undefined;
}

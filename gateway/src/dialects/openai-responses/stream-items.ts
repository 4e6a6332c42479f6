import type { Extra } from "../../core/extra.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Part, RefusalPart, TextPart } from "../../core/part.ts";
import { Reader } from "../reader.ts";
import { decodeAssistantItem } from "./assistant-decode.ts";
import { decodeAnnotation } from "./citations.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { withMessageFields } from "./message-extra.ts";
import { decodeOutputContent } from "./output-content.ts";
import type { PartSequence, PartSlot } from "./part-sequence.ts";
import { decodeReasoning } from "./reasoning.ts";

const self = "openai-responses";

interface OpenItem {
  readonly kind: "message" | "single";
  /** Fields of a message item. */
  readonly fields: Extra | undefined;
  /** By content index; a single part is at 0. */
  readonly slots: Map<number, PartSlot>;
}

/** The output items of a streamed response, told by their place and never by their id: some vendors change ids. */
export class StreamItems {
  readonly #parts: PartSequence;
  readonly #items = new Map<number, OpenItem>();

  constructor(parts: PartSequence) {
    this.#parts = parts;
  }

  has(outputIndex: number): boolean {
    return this.#items.has(outputIndex);
  }

  added(outputIndex: number, item: Reader): void {
    if (this.#items.has(outputIndex)) return;
    if (item.peek("type") === "message") {
      this.#items.set(outputIndex, { kind: "message", fields: messageFields(item), slots: new Map() });
      return;
    }
    this.#open(outputIndex, blank(item, outputIndex));
  }

  contentAdded(outputIndex: number, contentIndex: number, content: Reader): boolean {
    const item = this.#message(outputIndex);
    if (item === undefined || item.slots.has(contentIndex)) return item !== undefined;
    const part = decodeOutputContent(content);
    if (part === undefined) return false;
    this.#startContent(item, contentIndex, part);
    return true;
  }

  text(outputIndex: number, contentIndex: number, kind: "text" | "refusal", frame: Reader): void {
    const slot = this.#content(outputIndex, contentIndex, kind);
    const text = frame.optionalString("delta") ?? "";
    const logprobs = decodeLogprobs(frame.optionalItems("logprobs"));
    if (slot === undefined || (text === "" && logprobs === undefined)) return;
    this.#parts.grow(slot, { kind: "text", text, ...(logprobs === undefined ? {} : { logprobs }) });
  }

  annotation(outputIndex: number, contentIndex: number, frame: Reader): void {
    const slot = this.#content(outputIndex, contentIndex, "text");
    const annotation = frame.optionalObject("annotation");
    if (slot === undefined || annotation === undefined) return;
    this.#parts.grow(slot, { kind: "citation", citation: decodeAnnotation(annotation) });
  }

  contentDone(outputIndex: number, contentIndex: number, content: Reader): void {
    const slot = this.#items.get(outputIndex)?.slots.get(contentIndex);
    const part = decodeOutputContent(content);
    if (slot === undefined || part === undefined) return;
    this.#complete(slot, part);
    this.#parts.end(slot);
  }

  arguments(outputIndex: number, text: string | undefined): void {
    const slot = this.#single(outputIndex, "tool_call");
    if (slot !== undefined && text !== undefined && text !== "")
      this.#parts.grow(slot, { kind: "arguments", text });
  }

  thought(outputIndex: number, text: string | undefined): void {
    const slot = this.#single(outputIndex, "reasoning");
    if (slot !== undefined && text !== undefined && text !== "")
      this.#parts.grow(slot, { kind: "text", text });
  }

  summary(outputIndex: number, index: number, text: string | undefined): void {
    const slot = this.#single(outputIndex, "reasoning");
    if (slot !== undefined && text !== undefined && text !== "")
      this.#parts.grow(slot, { kind: "summary", index, text });
  }

  /** A frame of a hosted tool's progress. Its place is told by the part, so it is not kept twice. */
  vendor(outputIndex: number, frame: JsonObject): boolean {
    const slot = this.#items.get(outputIndex)?.slots.get(0);
    if (slot === undefined || slot.part.type !== "vendor" || slot.ended) return false;
    const { sequence_number: _number, output_index: _place, ...value } = frame;
    this.#parts.grow(slot, { kind: "vendor", origin: self, value });
    return true;
  }

  done(outputIndex: number, item: Reader): void {
    if (!this.#items.has(outputIndex)) this.added(outputIndex, item);
    const open = this.#items.get(outputIndex);
    if (open === undefined) return;
    if (open.kind === "message") {
      this.#messageDone(open, item);
      return;
    }
    const slot = open.slots.get(0);
    if (slot !== undefined && !slot.ended) this.#singleDone(slot, item, outputIndex);
  }

  #messageDone(open: OpenItem, item: Reader): void {
    for (const [index, content] of (item.optionalItems("content") ?? []).entries()) {
      const part = decodeOutputContent(content);
      if (part === undefined) continue;
      const slot = open.slots.get(index) ?? this.#startContent(open, index, part);
      if (slot.ended) continue;
      this.#complete(slot, part);
      this.#parts.end(slot);
    }
    for (const slot of open.slots.values()) this.#parts.end(slot);
  }

  #singleDone(slot: PartSlot, item: Reader, outputIndex: number): void {
    const [whole] = decodeAssistantItem(item, outputIndex);
    const { part } = slot;
    if (whole?.type === "tool_call" && part.type === "tool_call") {
      if (!slot.grown && whole.arguments !== "")
        this.#parts.grow(slot, { kind: "arguments", text: whole.arguments });
      this.#parts.end(slot);
    } else if (whole?.type === "reasoning" && part.type === "reasoning") {
      const { signature, summary = [], text } = whole;
      if (!slot.grown) {
        for (const [index, piece] of summary.entries())
          this.#parts.grow(slot, { kind: "summary", index, text: piece });
        if (text !== undefined) this.#parts.grow(slot, { kind: "text", text });
      }
      if (signature !== undefined) this.#parts.grow(slot, { kind: "signature", signature });
      // What seals the reasoning belongs to the id it comes with, which need not be the first one.
      const same = whole.id === part.id && whole.redacted === part.redacted && whole.extra === undefined;
      this.#parts.end(slot, same ? undefined : whole);
    } else if (whole?.type === "vendor" && part.type === "vendor") {
      this.#parts.end(slot, whole);
    } else {
      this.#parts.end(slot);
    }
  }

  /** What the whole content part has and no delta brought. */
  #complete(slot: PartSlot, whole: TextPart | RefusalPart): void {
    if (!slot.grown && (whole.text !== "" || whole.logprobs !== undefined)) {
      const logprobs = whole.logprobs === undefined ? {} : { logprobs: whole.logprobs };
      this.#parts.grow(slot, { kind: "text", text: whole.text, ...logprobs });
    }
    if (whole.type !== "text") return;
    for (const citation of (whole.citations ?? []).slice(slot.citations))
      this.#parts.grow(slot, { kind: "citation", citation });
  }

  #startContent(item: OpenItem, contentIndex: number, part: TextPart | RefusalPart): PartSlot {
    let started: Part = { type: "refusal", text: "" };
    if (part.type === "text") {
      const extra = withMessageFields(part.extra, item.fields);
      started = { type: "text", text: "", ...(extra === undefined ? {} : { extra }) };
    }
    const slot = this.#parts.start(started);
    item.slots.set(contentIndex, slot);
    return slot;
  }

  #open(outputIndex: number, part: Part): PartSlot {
    const slot = this.#parts.start(part);
    this.#items.set(outputIndex, { kind: "single", fields: undefined, slots: new Map([[0, slot]]) });
    return slot;
  }

  /** The message at this place, begun here where the vendor did not say so. */
  #message(outputIndex: number): OpenItem | undefined {
    let item = this.#items.get(outputIndex);
    if (item === undefined) {
      item = { kind: "message", fields: undefined, slots: new Map() };
      this.#items.set(outputIndex, item);
    }
    return item.kind === "message" ? item : undefined;
  }

  #content(outputIndex: number, contentIndex: number, type: "text" | "refusal"): PartSlot | undefined {
    const item = this.#message(outputIndex);
    if (item === undefined) return undefined;
    const slot = item.slots.get(contentIndex) ?? this.#startContent(item, contentIndex, { type, text: "" });
    return slot.part.type === type ? slot : undefined;
  }

  #single(outputIndex: number, type: "tool_call" | "reasoning"): PartSlot | undefined {
    const slot = this.#items.get(outputIndex)?.slots.get(0);
    return slot?.part.type === type ? slot : undefined;
  }
}

function messageFields(item: Reader): Extra | undefined {
  for (const known of ["type", "role", "content", "id", "status"]) item.take(known);
  return item.rest(self);
}

/** An item as far as it is known when it is added: what grows is still empty. */
function blank(item: Reader, outputIndex: number): Part {
  const type = item.peek("type");
  if (type === "reasoning") {
    const { text: _text, summary: _summary, signature: _signature, ...part } = decodeReasoning(item);
    return part;
  }
  if (type !== "function_call" && type !== "custom_tool_call")
    return { type: "vendor", origin: self, value: item.verbatim() };
  const [part] = decodeAssistantItem(
    Reader.answer({ [type === "function_call" ? "arguments" : "input"]: "", ...item.verbatim() }),
    outputIndex,
  );
  return part?.type === "tool_call" ? { ...part, arguments: "" } : (part as Part);
}

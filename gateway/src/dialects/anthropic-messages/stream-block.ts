import type { Delta } from "../../core/event.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Citation, Part, ReasoningPart, TextPart, ToolCallPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { encodeCitation } from "./citations.ts";
import { origin } from "./origin.ts";
import { redactedData, ThinkingText } from "./reasoning-block.ts";
import { wireToolId } from "./tool-id.ts";

/** What one part of a stream says: the opening block, deltas, nothing at all. */
export interface BlockWriter {
  /** The block to open at once; undefined where it must wait for the first delta, or is never opened. */
  start(): JsonObject | undefined;
  delta(delta: Delta): BlockStep;
  /** @param whole the part as it is told whole at its end. */
  end(whole: Part | undefined): BlockStep;
}

/** `open` comes first where the block was not opened before. */
export interface BlockStep {
  readonly open?: JsonObject;
  readonly deltas?: readonly JsonObject[];
}

export function blockWriter(part: Part, losses: Losses, path: string): BlockWriter {
  switch (part.type) {
    case "text":
      return new TextBlock(part, losses, path);
    case "refusal":
      losses.add(`${path}.type`);
      return new TextBlock({ type: "text", text: part.text }, losses, path);
    case "reasoning":
      return new ThinkingBlock(part, losses, path);
    case "tool_call":
      return new ToolBlock(part, losses, path);
    case "vendor":
      if (part.origin === origin) return new VendorBlock(part.value);
      break;
    default:
  }
  losses.add(path);
  return { start: () => undefined, delta: () => ({}), end: () => ({}) };
}

/** Opened by its first text: an empty block would be rejected when the client echoes it. */
class TextBlock implements BlockWriter {
  readonly #part: TextPart;
  readonly #losses: Losses;
  readonly #path: string;
  #opened = false;
  #citations = 0;

  constructor(part: TextPart, losses: Losses, path: string) {
    this.#part = part;
    this.#losses = losses;
    this.#path = path;
  }

  start(): JsonObject | undefined {
    return undefined;
  }

  delta(delta: Delta): BlockStep {
    const before = this.#opened ? [] : this.#begun();
    const said = this.#said(delta);
    const deltas = said === undefined ? before : [...before, said];
    return deltas.length === 0 ? {} : this.#step(deltas);
  }

  end(whole: Part | undefined): BlockStep {
    const last: TextPart | undefined = whole?.type === "text" ? whole : undefined;
    const deltas = this.#opened ? [] : this.#begun(last?.text);
    for (const citation of last?.citations?.slice(this.#citations) ?? [])
      deltas.push(...this.#cite(citation));
    if (deltas.length > 0) return this.#step(deltas);
    if (!this.#opened) this.#losses.add(this.#path);
    return {};
  }

  #step(deltas: JsonObject[]): BlockStep {
    if (this.#opened) return { deltas };
    this.#opened = true;
    const extra = extraFields(this.#part.extra, origin, this.#losses, `${this.#path}.`);
    return { open: { ...extra, type: "text", text: "", citations: null }, deltas };
  }

  /** What the part held before its first delta. */
  #begun(text = this.#part.text): JsonObject[] {
    const deltas: JsonObject[] = text === "" ? [] : [{ type: "text_delta", text }];
    for (const citation of this.#part.citations ?? []) deltas.push(...this.#cite(citation));
    return deltas;
  }

  #said(delta: Delta): JsonObject | undefined {
    switch (delta.kind) {
      case "text":
        if (delta.logprobs !== undefined) this.#losses.add(`${this.#path}.logprobs`);
        return delta.text === "" ? undefined : { type: "text_delta", text: delta.text };
      case "citation":
        return this.#cite(delta.citation)[0];
      case "vendor":
        return vendorDelta(delta, this.#losses, this.#path);
      default:
        return undefined;
    }
  }

  #cite(citation: Citation): JsonObject[] {
    const encoded = encodeCitation(
      citation,
      false,
      this.#losses,
      `${this.#path}.citations[${this.#citations}]`,
    );
    this.#citations += 1;
    return encoded === undefined ? [] : [{ type: "citations_delta", citation: encoded }];
  }
}

class ThinkingBlock implements BlockWriter {
  readonly #part: ReasoningPart;
  readonly #losses: Losses;
  readonly #path: string;
  readonly #text = new ThinkingText();
  #signature: ReasoningPart["signature"];
  #opened = false;

  constructor(part: ReasoningPart, losses: Losses, path: string) {
    this.#part = part;
    this.#losses = losses;
    this.#path = path;
    this.#signature = part.signature;
  }

  /** Hidden reasoning has a block of its own, known only at the end. */
  start(): JsonObject | undefined {
    return this.#part.redacted === true ? undefined : this.#open();
  }

  delta(delta: Delta): BlockStep {
    const before = this.#text.empty ? this.#shown(this.#part) : [];
    const said = this.#said(delta);
    return this.#step(said === undefined ? before : [...before, said]);
  }

  end(whole: Part | undefined): BlockStep {
    const part = whole?.type === "reasoning" ? whole : this.#part;
    const deltas = this.#text.empty ? this.#shown(part) : [];
    const { id } = part;
    const signature = part.signature ?? this.#signature;
    const signed = {
      ...(id === undefined ? {} : { id }),
      ...(signature === undefined ? {} : { signature }),
      ...(part.redacted === undefined ? {} : { redacted: part.redacted }),
    };
    if (part.redacted === true && !this.#opened && deltas.length === 0) {
      return { open: { ...this.#extra(), type: "redacted_thinking", data: redactedData(signed) } };
    }
    return this.#step([...deltas, { type: "signature_delta", signature: this.#text.signature(signed) }]);
  }

  #extra(): JsonObject | undefined {
    return extraFields(this.#part.extra, origin, this.#losses, `${this.#path}.`);
  }

  #open(): JsonObject {
    this.#opened = true;
    return { ...this.#extra(), type: "thinking", thinking: "", signature: "" };
  }

  #step(deltas: JsonObject[]): BlockStep {
    if (deltas.length === 0 || this.#opened) return { deltas };
    return { open: this.#open(), deltas };
  }

  #said(delta: Delta): JsonObject | undefined {
    switch (delta.kind) {
      case "text":
        return thinkingDelta(this.#text.add("text", delta.text));
      case "summary":
        return thinkingDelta(this.#text.add("summary", delta.text, delta.index));
      case "signature":
        this.#signature = delta.signature;
        return undefined;
      case "vendor":
        return vendorDelta(delta, this.#losses, this.#path);
      default:
        return undefined;
    }
  }

  /** What a part shows that has no deltas. */
  #shown(part: ReasoningPart): JsonObject[] {
    let text = part.text === undefined || part.text === "" ? "" : this.#text.add("text", part.text);
    for (const [index, summary] of (part.summary ?? []).entries())
      text += this.#text.add("summary", summary, index);
    return text === "" ? [] : [thinkingDelta(text)];
  }
}

class ToolBlock implements BlockWriter {
  readonly #part: ToolCallPart;
  readonly #losses: Losses;
  readonly #path: string;
  #said = false;

  constructor(part: ToolCallPart, losses: Losses, path: string) {
    this.#part = part;
    this.#losses = losses;
    this.#path = path;
    if (part.custom !== undefined) losses.add(`${path}.custom`);
  }

  start(): JsonObject {
    return {
      ...extraFields(this.#part.extra, origin, this.#losses, `${this.#path}.`),
      type: "tool_use",
      id: wireToolId(this.#part.id),
      name: this.#part.name,
      input: {},
    };
  }

  delta(delta: Delta): BlockStep {
    if (delta.kind === "vendor") {
      const said = vendorDelta(delta, this.#losses, this.#path);
      return said === undefined ? {} : { deltas: [said] };
    }
    if (delta.kind !== "arguments") return {};
    return { deltas: [inputDelta(this.#begun() + this.#piece(delta.text))] };
  }

  end(whole: Part | undefined): BlockStep {
    const text = this.#said || whole?.type !== "tool_call" ? "" : whole.arguments;
    const rest = this.#begun() + this.#piece(text) + (this.#part.custom === true ? '"}' : "");
    return rest === "" ? {} : { deltas: [inputDelta(rest)] };
  }

  /** Free text travels as the one string of an object, escaped piece by piece. */
  #piece(text: string): string {
    return this.#part.custom === true ? JSON.stringify(text).slice(1, -1) : text;
  }

  #begun(): string {
    if (this.#said) return "";
    this.#said = true;
    return (this.#part.custom === true ? '{"input":"' : "") + this.#piece(this.#part.arguments);
  }
}

class VendorBlock implements BlockWriter {
  readonly #value: JsonObject;

  constructor(value: JsonObject) {
    this.#value = value;
  }

  start(): JsonObject {
    return this.#value;
  }

  delta(delta: Delta): BlockStep {
    return delta.kind === "vendor" && delta.origin === origin ? { deltas: [delta.value] } : {};
  }

  end(): BlockStep {
    return {};
  }
}

function thinkingDelta(thinking: string): JsonObject {
  return { type: "thinking_delta", thinking };
}

function inputDelta(json: string): JsonObject {
  return { type: "input_json_delta", partial_json: json };
}

function vendorDelta(
  delta: Extract<Delta, { kind: "vendor" }>,
  losses: Losses,
  path: string,
): JsonObject | undefined {
  if (delta.origin === origin) return delta.value;
  losses.add(path);
  return undefined;
}

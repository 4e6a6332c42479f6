import type { ChatEvent, Delta } from "../../core/event.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Part } from "../../core/part.ts";
import { unwrapSignature } from "../foreign-signature.ts";
import { Reader } from "../reader.ts";
import { decodeAnswerBlock } from "./block-decode.ts";
import { decodeCitation } from "./citations.ts";
import { origin } from "./origin.ts";
import { signedReasoning } from "./reasoning-block.ts";

/** One content block of a stream, as the events of one part. */
export class StreamPart {
  readonly #index: number;
  readonly #started: Part;
  /** What has come of a tool call's arguments or a vendor block's input, as JSON text. */
  #input = "";
  #thinking = "";
  #carried: string | undefined;
  /** The block as it started and what came at once. */
  readonly events: readonly ChatEvent[];

  constructor(block: JsonObject, index: number) {
    this.#index = index;
    const part = decodeAnswerBlock(Reader.answer(block), index);
    const { started, deltas } = begin(part);
    this.#started = started;
    this.events = [
      { type: "part_start", choice: 0, index, part: started },
      ...deltas.map((delta) => this.#event(delta)),
    ];
    if (part.type === "tool_call" && deltas.length > 0) this.#input = part.arguments;
    if (part.type === "reasoning") this.#thinking = part.text ?? "";
  }

  /** The arguments of a tool call that is not whole. */
  get isCutCall(): boolean {
    if (this.#started.type !== "tool_call") return false;
    try {
      JSON.parse(this.#input);
      return false;
    } catch {
      return true;
    }
  }

  grow(wire: JsonObject): ChatEvent[] {
    const delta = this.#delta(wire);
    return delta === undefined ? [] : [this.#event(delta)];
  }

  end(): ChatEvent[] {
    const events: ChatEvent[] = [];
    // A call without arguments streams no JSON at all.
    if (this.#started.type === "tool_call" && this.#input === "") {
      events.push(this.#event({ kind: "arguments", text: "{}" }));
    }
    const part = this.#whole();
    events.push({ type: "part_end", choice: 0, index: this.#index, ...(part === undefined ? {} : { part }) });
    return events;
  }

  #event(delta: Delta): ChatEvent {
    return { type: "part_delta", choice: 0, index: this.#index, delta };
  }

  #delta(wire: JsonObject): Delta | undefined {
    const kind = this.#started.type;
    switch (wire["type"]) {
      case "text_delta":
        return kind === "text" ? textDelta(wire["text"]) : vendorDelta(wire);
      case "thinking_delta":
        return kind === "reasoning" ? this.#think(wire["thinking"]) : vendorDelta(wire);
      case "signature_delta":
        return kind === "reasoning" ? this.#sign(wire["signature"]) : vendorDelta(wire);
      case "input_json_delta":
        return this.#grow(wire);
      case "citations_delta": {
        const { citation } = wire;
        if (kind !== "text" || !isJsonObject(citation)) return vendorDelta(wire);
        return { kind: "citation", citation: decodeCitation(Reader.answer(citation)) };
      }
      default:
        return vendorDelta(wire);
    }
  }

  #think(thinking: unknown): Delta | undefined {
    const delta = textDelta(thinking);
    if (delta !== undefined) this.#thinking += delta.text;
    return delta;
  }

  /** The signature of another vendor changes what the part is: told whole, at its end. */
  #sign(value: unknown): Delta | undefined {
    if (typeof value !== "string" || value === "") return undefined;
    if (unwrapSignature(value) === undefined) return { kind: "signature", signature: { origin, value } };
    this.#carried = value;
    return undefined;
  }

  #grow(wire: JsonObject): Delta | undefined {
    const json = wire["partial_json"];
    if (typeof json !== "string") return vendorDelta(wire);
    this.#input += json;
    if (this.#started.type !== "tool_call") return vendorDelta(wire);
    return json === "" ? undefined : { kind: "arguments", text: json };
  }

  /** The part in one piece, where its deltas do not add up to it. */
  #whole(): Part | undefined {
    const started = this.#started;
    if (started.type === "reasoning" && this.#carried !== undefined) {
      return {
        ...signedReasoning(this.#thinking, this.#carried),
        ...(started.extra === undefined ? {} : { extra: started.extra }),
      };
    }
    if (started.type !== "vendor" || this.#input === "") return undefined;
    try {
      const input: unknown = JSON.parse(this.#input);
      return isJsonObject(input) ? { ...started, value: { ...started.value, input } } : undefined;
    } catch {
      return undefined;
    }
  }
}

function textDelta(text: unknown): Extract<Delta, { kind: "text" }> | undefined {
  return typeof text === "string" && text !== "" ? { kind: "text", text } : undefined;
}

function vendorDelta(value: JsonObject): Delta {
  return { kind: "vendor", origin, value };
}

/** What is known before the first delta, and what the block brought along. */
function begin(part: Part): { readonly started: Part; readonly deltas: readonly Delta[] } {
  switch (part.type) {
    case "text": {
      const { citations = [], ...rest } = part;
      const text: Delta[] = part.text === "" ? [] : [{ kind: "text", text: part.text }];
      return {
        started: { ...rest, text: "" },
        deltas: [...text, ...citations.map((citation): Delta => ({ kind: "citation", citation }))],
      };
    }
    case "tool_call":
      return {
        started: { ...part, arguments: "" },
        deltas:
          part.arguments === "{}" || part.arguments === ""
            ? []
            : [{ kind: "arguments", text: part.arguments }],
      };
    case "reasoning": {
      if (part.redacted === true) return { started: part, deltas: [] };
      const { text, signature, ...started } = part;
      const deltas: Delta[] = text === undefined ? [] : [{ kind: "text", text }];
      if (signature !== undefined) deltas.push({ kind: "signature", signature });
      return { started, deltas };
    }
    default:
      return { started: part, deltas: [] };
  }
}

import type { Delta } from "../../core/event.ts";
import type { Part, ReasoningPart, ReasoningSignature } from "../../core/part.ts";
import type { OutputWriter, PartWriter } from "./output-writer.ts";
import { encodeReasoningAnswer, encodeReasoningDone, reasoningId } from "./reasoning.ts";

interface SummaryPiece {
  readonly place: number;
  text: string;
}

/** A reasoning item while it is streamed. Its ciphertext comes with the finished item. */
export class ReasoningWriter implements PartWriter {
  readonly #writer: OutputWriter;
  readonly #started: ReasoningPart;
  readonly #path: string;
  readonly #outputIndex: number;
  readonly #id: string;
  /** By index; a map, so that a hostile index costs nothing. */
  readonly #summary = new Map<number, SummaryPiece>();
  #openSummary: SummaryPiece | undefined;
  #text: string | undefined;
  #signature: ReasoningSignature | undefined;

  constructor(writer: OutputWriter, part: ReasoningPart, path: string) {
    const { text, summary = [], signature, ...started } = part;
    this.#writer = writer;
    this.#started = started;
    this.#path = path;
    this.#outputIndex = writer.next;
    this.#id = part.id ?? reasoningId(writer.token, writer.next);
    const { redacted: _redacted, ...shown } = started;
    writer.added(encodeReasoningAnswer(shown, this.#id, path, writer.losses));
    for (const [index, piece] of summary.entries()) this.grow({ kind: "summary", index, text: piece });
    if (text !== undefined) this.grow({ kind: "text", text });
    this.#signature = signature;
  }

  grow(delta: Delta): void {
    switch (delta.kind) {
      case "text":
        this.#closeSummary();
        if (this.#text === undefined) this.#openText();
        this.#text = (this.#text ?? "") + delta.text;
        this.#emit("response.reasoning_text.delta", { content_index: 0, delta: delta.text });
        break;
      case "summary":
        this.#grow(delta.index, delta.text);
        break;
      case "signature":
        this.#signature = delta.signature;
        break;
      default:
        this.#writer.vendorDelta(delta, this.#outputIndex, this.#path);
    }
  }

  #openText(): void {
    const part = { type: "reasoning_text", text: "" };
    this.#emit("response.content_part.added", { content_index: 0, part });
  }

  #closeText(text: string): void {
    this.#emit("response.reasoning_text.done", { content_index: 0, text });
    const part = { type: "reasoning_text", text };
    this.#emit("response.content_part.done", { content_index: 0, part });
  }

  #grow(index: number, text: string): void {
    const known = this.#summary.get(index);
    // Clients append: the wire counts summaries as they come.
    const piece = known ?? { place: this.#summary.size, text: "" };
    if (this.#openSummary !== piece) {
      this.#closeSummary();
      this.#openSummary = piece;
      const part = { type: "summary_text", text: "" };
      if (known === undefined)
        this.#emit("response.reasoning_summary_part.added", { summary_index: piece.place, part });
    }
    this.#summary.set(index, piece);
    piece.text += text;
    this.#emit("response.reasoning_summary_text.delta", { summary_index: piece.place, delta: text });
  }

  #closeSummary(): void {
    const piece = this.#openSummary;
    if (piece === undefined) return;
    this.#openSummary = undefined;
    const { place, text } = piece;
    this.#emit("response.reasoning_summary_text.done", { summary_index: place, text });
    const part = { type: "summary_text", text };
    this.#emit("response.reasoning_summary_part.done", { summary_index: place, part });
  }

  end(whole: Part | undefined): void {
    this.#closeSummary();
    if (this.#text !== undefined) this.#closeText(this.#text);
    const part = whole?.type === "reasoning" ? whole : this.#accumulated();
    const item = encodeReasoningDone(part, this.#id, this.#path, this.#writer.losses);
    this.#writer.done(this.#outputIndex, item);
  }

  #accumulated(): ReasoningPart {
    const summary = [...this.#summary.values()].map(({ text }) => text);
    return {
      ...this.#started,
      ...(this.#text === undefined ? {} : { text: this.#text }),
      ...(summary.length === 0 ? {} : { summary }),
      ...(this.#signature === undefined ? {} : { signature: this.#signature }),
    };
  }

  #emit(type: string, fields: Parameters<OutputWriter["emit"]>[1]): void {
    this.#writer.emit(type, { item_id: this.#id, output_index: this.#outputIndex, ...fields });
  }
}

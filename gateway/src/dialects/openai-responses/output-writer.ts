import type { Frame } from "../../core/dialect.ts";
import type { Delta } from "../../core/event.ts";
import { type JsonObject } from "../../core/json.ts";
import { Losses } from "../../core/loss.ts";
import type { Part } from "../../core/part.ts";

/** Writes the events of one part of an answer. */
export interface PartWriter {
  grow(delta: Delta): void;
  /** @param whole in place of what has grown. */
  end(whole: Part | undefined): void;
}

/** The frames of a stream, numbered, and the output that they add up to. */
export class OutputWriter {
  readonly token: string;
  readonly losses = new Losses();
  /** Finished items by output index. */
  readonly output: JsonObject[] = [];
  #frames: Frame[] = [];
  #sequence = 0;
  #items = 0;

  constructor(token: string) {
    this.token = token;
  }

  emit(type: string, fields: JsonObject): void {
    const data = JSON.stringify({ type, sequence_number: this.#sequence, ...fields });
    this.#sequence += 1;
    this.#frames.push({ event: type, data });
  }

  /** Output index of the next item. */
  get next(): number {
    return this.#items;
  }

  added(item: JsonObject): void {
    this.emit("response.output_item.added", { output_index: this.#items, item });
    this.#items += 1;
  }

  done(outputIndex: number, item: JsonObject): void {
    this.output[outputIndex] = item;
    this.emit("response.output_item.done", { output_index: outputIndex, item });
  }

  take(): Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** A frame of another vendor's own, or a delta that this kind of part cannot take: a loss. */
  vendorDelta(delta: Delta, outputIndex: number, path: string): void {
    if (delta.kind !== "vendor" || delta.origin !== "openai-responses") {
      this.losses.add(path);
      return;
    }
    const { type, ...fields } = delta.value;
    if (typeof type === "string") this.emit(type, { ...fields, output_index: outputIndex });
    else this.losses.add(path);
  }
}

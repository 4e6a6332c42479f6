import type { ChatEvent, Delta } from "../../core/event.ts";
import type { Part } from "../../core/part.ts";

/** A part that grows out of one or several wire events. */
export interface PartSlot {
  readonly index: number;
  readonly part: Part;
  /** Whether it has grown at all: whole text at its end is only wanted where it has not. */
  grown: boolean;
  citations: number;
  ended: boolean;
}

/**
 * Puts parts one after the other, as the neutral order wants them. The wire lets output items overlap: what comes for
 * a later part while an earlier one is open waits for its turn.
 */
export class PartSequence {
  readonly #slots: PartSlot[] = [];
  readonly #waiting = new Map<number, ChatEvent[]>();
  /** Index of the part whose turn it is. */
  #turn = 0;
  #ready: ChatEvent[] = [];
  calls = false;
  refusal = false;

  get count(): number {
    return this.#slots.length;
  }

  start(part: Part): PartSlot {
    const slot: PartSlot = { index: this.#slots.length, part, grown: false, citations: 0, ended: false };
    this.#slots.push(slot);
    if (part.type === "tool_call") this.calls = true;
    if (part.type === "refusal") this.refusal = true;
    this.#put(slot, { type: "part_start", choice: 0, index: slot.index, part });
    return slot;
  }

  grow(slot: PartSlot, delta: Delta): void {
    if (slot.ended) return;
    if (delta.kind === "citation") slot.citations += 1;
    else if (delta.kind !== "signature" && delta.kind !== "vendor") slot.grown = true;
    this.#put(slot, { type: "part_delta", choice: 0, index: slot.index, delta });
  }

  end(slot: PartSlot, whole?: Part): void {
    if (slot.ended) return;
    slot.ended = true;
    const event = { type: "part_end", choice: 0, index: slot.index } as const;
    this.#put(slot, whole === undefined ? event : { ...event, part: whole });
    while (this.#slots[this.#turn]?.ended === true) {
      this.#turn += 1;
      const waiting = this.#waiting.get(this.#turn);
      if (waiting === undefined) continue;
      this.#waiting.delete(this.#turn);
      for (const late of waiting) this.#ready.push(late);
    }
  }

  endAll(): void {
    for (const slot of this.#slots) this.end(slot);
  }

  /** The events whose turn has come. */
  take(): ChatEvent[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #put(slot: PartSlot, event: ChatEvent): void {
    if (slot.index === this.#turn) {
      this.#ready.push(event);
      return;
    }
    const waiting = this.#waiting.get(slot.index);
    if (waiting === undefined) this.#waiting.set(slot.index, [event]);
    else waiting.push(event);
  }
}

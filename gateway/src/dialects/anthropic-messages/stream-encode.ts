import type { AnswerContext, Frame, StreamEncoder } from "../../core/dialect.ts";
import type { ChatEvent } from "../../core/event.ts";
import type { JsonObject } from "../../core/json.ts";
import { Losses } from "../../core/loss.ts";
import { extraFields } from "../extra.ts";
import { encodeFinish } from "./finish.ts";
import { origin } from "./origin.ts";
import { messageId, nullFields } from "./response-encode.ts";
import { type BlockStep, type BlockWriter, blockWriter } from "./stream-block.ts";
import { encodeUsage, loseHalfUsage } from "./usage.ts";

type PartEvent = Extract<ChatEvent, { type: "part_start" | "part_delta" | "part_end" }>;
type Finished = Extract<ChatEvent, { type: "finish" }>;

/**
 * The events of an Anthropic stream. Exactly one block is open at a time: parts that overlap wait for their turn, and
 * what they hold in memory is at most the answer itself.
 */
export class AnthropicStreamEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #losses = new Losses();
  #writer: BlockWriter | undefined;
  /** Index of the part that `#writer` writes. */
  #part = -1;
  #opened = false;
  #blocks = 0;
  #refused = false;
  /** Events of parts that wait, in the order in which the parts came. */
  readonly #waiting = new Map<number, PartEvent[]>();
  #finished: Finished | undefined;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  get losses(): readonly string[] {
    return this.#losses.fields;
  }

  push(event: ChatEvent): Frame[] {
    switch (event.type) {
      case "start":
        return [this.#start(event)];
      case "part_start":
      case "part_delta":
      case "part_end":
        return event.choice === 0 ? this.#take(event) : this.#lose(event.choice);
      case "finish":
        if (event.choice !== 0) return this.#lose(event.choice);
        this.#finished = event;
        return this.#drain();
      case "end":
        return [...this.#drain(), this.#messageDelta(event), frame({ type: "message_stop" })];
      case "vendor":
        if (event.origin === origin) return [frame(event.value)];
        this.#losses.add("vendor");
        return [];
      default:
        // An error is told by whoever knows what of it may be told; the stream has no clean end.
        return [];
    }
  }

  #start(event: Extract<ChatEvent, { type: "start" }>): Frame {
    return frame({
      type: "message_start",
      message: {
        ...nullFields,
        ...extraFields(event.extra, origin, this.#losses, ""),
        id: messageId(event.id, this.#context),
        type: "message",
        role: "assistant",
        model: event.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: encodeUsage(event.usage, event.serviceTier, this.#losses),
      },
    });
  }

  #lose(choice: number): Frame[] {
    this.#losses.add(`choices[${choice}]`);
    return [];
  }

  #take(event: PartEvent): Frame[] {
    if (event.index === this.#part && this.#writer !== undefined) return this.#write(this.#writer, event);
    if (this.#writer === undefined && event.type === "part_start") return this.#begin(event);
    const waiting = this.#waiting.get(event.index);
    if (waiting !== undefined) waiting.push(event);
    else if (event.type === "part_start") this.#waiting.set(event.index, [event]);
    // What comes for a part that has ended has no block any more.
    else if (event.type === "part_delta") this.#losses.add(`choices[0].parts[${event.index}]`);
    return [];
  }

  #begin(event: Extract<PartEvent, { type: "part_start" }>): Frame[] {
    const { part, index } = event;
    if (part.type === "refusal") this.#refused = true;
    this.#writer = blockWriter(part, this.#losses, `choices[0].parts[${index}]`);
    this.#part = index;
    this.#opened = false;
    const open = this.#writer.start();
    return open === undefined ? [] : this.#frames({ open });
  }

  #write(writer: BlockWriter, event: PartEvent): Frame[] {
    if (event.type === "part_delta") return this.#frames(writer.delta(event.delta));
    if (event.type === "part_start") return [];
    const frames = this.#frames(writer.end(event.part));
    if (this.#opened) {
      frames.push(frame({ type: "content_block_stop", index: this.#blocks }));
      this.#blocks += 1;
    }
    this.#writer = undefined;
    return [...frames, ...this.#next()];
  }

  /** Lets the part that has waited longest catch up. */
  #next(): Frame[] {
    const [first] = this.#waiting;
    if (first === undefined) return [];
    const [index, events] = first;
    this.#waiting.delete(index);
    return events.flatMap((event) => this.#take(event));
  }

  /** Ends what nobody has ended. */
  #drain(): Frame[] {
    const frames: Frame[] = [];
    while (this.#writer !== undefined) {
      frames.push(...this.#write(this.#writer, { type: "part_end", choice: 0, index: this.#part }));
    }
    return frames;
  }

  #frames({ open, deltas = [] }: BlockStep): Frame[] {
    const index = this.#blocks;
    const frames: Frame[] = [];
    if (open !== undefined) {
      this.#opened = true;
      frames.push(frame({ type: "content_block_start", index, content_block: open }));
    }
    for (const delta of deltas) frames.push(frame({ type: "content_block_delta", index, delta }));
    return frames;
  }

  /** Usage here is cumulative, and the whole of it. */
  #messageDelta(event: Extract<ChatEvent, { type: "end" }>): Frame {
    const finished = this.#finished;
    loseHalfUsage(event.usage, this.#losses);
    const usage = encodeUsage(event.usage, event.serviceTier, this.#losses);
    return frame({
      ...extraFields(event.extra, origin, this.#losses, ""),
      type: "message_delta",
      delta: {
        container: null,
        stop_details: null,
        ...extraFields(finished?.extra, origin, this.#losses, "choices[0]."),
        ...encodeFinish(finished?.finish ?? { reason: "stop" }, this.#refused, this.#losses, "choices[0]"),
      },
      usage: { ...usage, ...(event.usage?.inputTokens === undefined ? { input_tokens: null } : {}) },
    });
  }
}

function frame(value: JsonObject): Frame {
  const type = value["type"];
  return { ...(typeof type === "string" ? { event: type } : {}), data: JSON.stringify(value) };
}

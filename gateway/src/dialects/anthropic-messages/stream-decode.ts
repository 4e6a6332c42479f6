import type { Frame, StreamDecoder } from "../../core/dialect.ts";
import type { ChatEvent } from "../../core/event.ts";
import type { Extra } from "../../core/extra.ts";
import type { ProviderFailure } from "../../core/failure.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Finish } from "../../core/response.ts";
import { Reader } from "../reader.ts";
import { decodeError } from "./errors.ts";
import { decodeFinish } from "./finish.ts";
import { origin } from "./origin.ts";
import { StreamPart } from "./stream-part.ts";
import { begunUsage, decodeUsage, isUnknown } from "./usage.ts";

const broken: ProviderFailure = {
  code: "provider_stream_broken",
  message: "the stream ended before it was complete",
};

/** https://platform.claude.com/docs/en/build-with-claude/streaming */
export class AnthropicStreamDecoder implements StreamDecoder {
  #state: "waiting" | "open" | "over" = "waiting";
  /** What the usage objects said so far, later fields over earlier ones: they are cumulative. */
  #usage: JsonObject = {};
  #part: StreamPart | undefined;
  /** The wire index of the open block; parts are counted by ourselves. */
  #block = -1;
  #parts = 0;
  #calledTools = false;
  #finish: Finish | undefined;
  #finishExtra: Extra | undefined;
  #endExtra: Extra | undefined;

  push(frame: Frame): ChatEvent[] {
    if (this.#state === "over") return [];
    let data: unknown;
    try {
      data = JSON.parse(frame.data);
    } catch {
      return this.#fail({ code: "provider_bad_answer", message: "a frame of the stream is not JSON" });
    }
    if (!isJsonObject(data)) {
      return this.#fail({ code: "provider_bad_answer", message: "a frame of the stream is not an object" });
    }
    return this.#read(data, data["type"] ?? frame.event);
  }

  end(): ChatEvent[] {
    return this.#state === "over" ? [] : this.#fail(broken);
  }

  #read(data: JsonObject, type: unknown): ChatEvent[] {
    switch (type) {
      case "error":
        return this.#fail(decodeError(undefined, data));
      case "ping":
        return [];
      case "message_start":
        return this.#start(data["message"]);
      default:
        return this.#state === "open" ? this.#readOpen(data, type) : [];
    }
  }

  #readOpen(data: JsonObject, type: unknown): ChatEvent[] {
    switch (type) {
      case "content_block_start": {
        const block = data["content_block"];
        return isJsonObject(block) ? this.#openBlock(block, data["index"]) : [];
      }
      case "content_block_delta":
        return this.#grow(data);
      case "content_block_stop":
        return this.#closeBlock();
      case "message_delta":
        return this.#messageDelta(data);
      case "message_stop":
        return this.#stop();
      default:
        return typeof type === "string" ? [{ type: "vendor", origin, value: data }] : [];
    }
  }

  #start(message: unknown): ChatEvent[] {
    if (!isJsonObject(message)) return [];
    if (this.#state === "open") return this.#startAgain(message);
    this.#state = "open";
    const reader = Reader.answer(message);
    const begun = begunUsage(message);
    const { usage, serviceTier } = decodeUsage(begun);
    this.#noteUsage(begun);
    reader.take("usage");
    const id = reader.optionalString("id") ?? "";
    const model = reader.optionalString("model") ?? "";
    const stopReason = reader.optionalString("stop_reason");
    const stopSequence = reader.optionalString("stop_sequence");
    const blocks = reader.optionalItems("content") ?? [];
    for (const key of ["type", "role"]) reader.take(key);
    const extra = reader.rest(origin);
    const events: ChatEvent[] = [
      {
        type: "start",
        id,
        model,
        ...(usage === undefined ? {} : { usage }),
        ...(serviceTier === undefined ? {} : { serviceTier }),
        ...(extra === undefined ? {} : { extra }),
      },
    ];
    // Continuing a server-side tool, Anthropic starts with all of the message and ends at once.
    for (const block of blocks) events.push(...this.#openBlock(block.verbatim(), -1), ...this.#closeBlock());
    if (stopReason !== undefined) this.#finish = decodeFinish(stopReason, stopSequence, this.#calledTools);
    return events;
  }

  /**
   * Proxies repeat `message_start`, or splice a second attempt onto a broken first one. Text that stands can be
   * followed by more; a tool call that is cut short cannot, for the client would run it.
   */
  #startAgain(message: JsonObject): ChatEvent[] {
    if (this.#part?.isCutCall === true) return this.#fail(broken);
    this.#noteUsage(begunUsage(message));
    return this.#closeBlock();
  }

  #openBlock(block: JsonObject, index: unknown): ChatEvent[] {
    const events = this.#closeBlock();
    this.#part = new StreamPart(block, this.#parts);
    this.#parts += 1;
    this.#block = typeof index === "number" ? index : -1;
    if (block["type"] === "tool_use") this.#calledTools = true;
    events.push(...this.#part.events);
    return events;
  }

  #closeBlock(): ChatEvent[] {
    const events = this.#part?.end() ?? [];
    this.#part = undefined;
    return events;
  }

  /** Text for a block that never started opens one; what else has no block is of no use. */
  #grow(data: JsonObject): ChatEvent[] {
    const { delta, index } = data;
    if (!isJsonObject(delta)) return [];
    if (this.#part !== undefined && (index === this.#block || typeof index !== "number"))
      return this.#part.grow(delta);
    const type = delta["type"];
    if (type !== "text_delta" && type !== "thinking_delta") return [];
    const block: JsonObject = type === "text_delta" ? { type: "text" } : { type: "thinking" };
    return [...this.#openBlock(block, index), ...(this.#part?.grow(delta) ?? [])];
  }

  #messageDelta(data: JsonObject): ChatEvent[] {
    const reader = Reader.answer(data);
    reader.take("type");
    this.#noteUsage(reader.optionalJson("usage"));
    const delta = reader.optionalObject("delta");
    const stopReason = delta?.optionalString("stop_reason");
    const stopSequence = delta?.optionalString("stop_sequence");
    if (stopReason !== undefined) this.#finish = decodeFinish(stopReason, stopSequence, this.#calledTools);
    this.#finishExtra = delta?.rest(origin) ?? this.#finishExtra;
    this.#endExtra = reader.rest(origin) ?? this.#endExtra;
    return [];
  }

  #stop(): ChatEvent[] {
    const events = this.#closeBlock();
    this.#state = "over";
    const { usage, serviceTier } = decodeUsage(this.#usage);
    events.push({
      type: "finish",
      choice: 0,
      finish: this.#finish ?? decodeFinish(undefined, undefined, this.#calledTools),
      ...(this.#finishExtra === undefined ? {} : { extra: this.#finishExtra }),
    });
    events.push({
      type: "end",
      ...(usage === undefined ? {} : { usage }),
      ...(serviceTier === undefined ? {} : { serviceTier }),
      ...(this.#endExtra === undefined ? {} : { extra: this.#endExtra }),
    });
    return events;
  }

  #noteUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const unknown = isUnknown(usage);
    const known = Object.entries(usage).filter(
      ([key, value]) => value !== null && !(unknown && (key === "input_tokens" || key === "output_tokens")),
    );
    this.#usage = { ...this.#usage, ...Object.fromEntries(known) };
  }

  #fail(failure: ProviderFailure): ChatEvent[] {
    this.#state = "over";
    this.#part = undefined;
    return [{ type: "error", failure }];
  }
}

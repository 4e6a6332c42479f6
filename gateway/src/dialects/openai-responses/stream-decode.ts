import type { Frame, StreamDecoder } from "../../core/dialect.ts";
import type { ChatEvent } from "../../core/event.ts";
import type { ProviderFailure } from "../../core/failure.ts";
import { Fault } from "../../core/fault.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { openaiFailure } from "../openai-error.ts";
import { Reader } from "../reader.ts";
import { decodeFinish } from "./finish.ts";
import { PartSequence } from "./part-sequence.ts";
import { responseExtra } from "./response-decode.ts";
import { StreamItems } from "./stream-items.ts";
import { decodeUsage } from "./usage.ts";

const self = "openai-responses";

/** https://platform.openai.com/docs/api-reference/responses-streaming */
export class ResponsesStreamDecoder implements StreamDecoder {
  readonly #parts = new PartSequence();
  readonly #items = new StreamItems(this.#parts);
  #started = false;
  #over = false;

  push(frame: Frame): ChatEvent[] {
    if (this.#over || frame.data === "[DONE]") return [];
    let data: unknown;
    try {
      data = JSON.parse(frame.data);
    } catch {
      data = undefined;
    }
    if (!isJsonObject(data))
      return this.#fail({ code: "provider_bad_answer", message: "a frame is not JSON" });
    try {
      return this.#read(data, frame.event);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#fail({ code: error.code, message: error.message });
    }
  }

  end(): ChatEvent[] {
    if (this.#over) return [];
    return this.#fail({
      code: "provider_stream_broken",
      message: "the stream ended before response.completed",
    });
  }

  #fail(failure: ProviderFailure): ChatEvent[] {
    this.#over = true;
    return [...this.#parts.take(), { type: "error", failure }];
  }

  #read(data: JsonObject, event: string | undefined): ChatEvent[] {
    const frame = Reader.answer(data);
    const type = frame.optionalString("type") ?? event;
    const response = frame.optionalObject("response");
    switch (type) {
      case "response.created":
      case "response.queued":
      case "response.in_progress":
        return this.#start(response);
      case "response.completed":
      case "response.incomplete":
      case "response.done":
        return this.#complete(response);
      case "response.failed":
        return this.#fail(openaiFailure(undefined, response?.optionalJson("error")));
      case "error": {
        const { type: _type, ...error } = data;
        return this.#fail(openaiFailure(undefined, error));
      }
      case "keepalive":
        return [];
      default: {
        const start = this.#start(undefined);
        const known = this.#grow(type, frame);
        const events = this.#parts.take();
        if (!known) events.push({ type: "vendor", origin: self, value: data });
        return start.length === 0 ? events : [...start, ...events];
      }
    }
  }

  /** False where nothing here understands the frame. */
  #grow(type: string | undefined, frame: Reader): boolean {
    const place = frame.optionalInteger("output_index") ?? 0;
    const content = frame.optionalInteger("content_index") ?? 0;
    switch (type) {
      case "response.output_text.delta":
        this.#items.text(place, content, "text", frame);
        return true;
      case "response.refusal.delta":
        this.#items.text(place, content, "refusal", frame);
        return true;
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        this.#items.arguments(place, frame.optionalString("delta"));
        return true;
      case "response.reasoning_text.delta":
        this.#items.thought(place, frame.optionalString("delta"));
        return true;
      case "response.reasoning_summary_text.delta":
        this.#items.summary(
          place,
          frame.optionalInteger("summary_index") ?? 0,
          frame.optionalString("delta"),
        );
        return true;
      case "response.output_text.annotation.added":
        this.#items.annotation(place, content, frame);
        return true;
      case "response.output_item.added":
        return this.#withObject(frame, "item", (item) => this.#items.added(place, item));
      case "response.output_item.done":
        return this.#withObject(frame, "item", (item) => this.#items.done(place, item));
      case "response.content_part.added": {
        const part = frame.optionalObject("part");
        return part?.peek("type") === "reasoning_text"
          ? true
          : part !== undefined && this.#items.contentAdded(place, content, part);
      }
      case "response.content_part.done":
        return this.#withObject(frame, "part", (part) => this.#items.contentDone(place, content, part));
      // These repeat as a whole what the item or content part brings at its end.
      case "response.output_text.done":
      case "response.refusal.done":
      case "response.function_call_arguments.done":
      case "response.custom_tool_call_input.done":
      case "response.reasoning_text.done":
      case "response.reasoning_summary_text.done":
      case "response.reasoning_summary_part.added":
      case "response.reasoning_summary_part.done":
        return true;
      default:
        return frame.has("output_index") && this.#items.vendor(place, frame.verbatim());
    }
  }

  #withObject(frame: Reader, key: string, action: (object: Reader) => void): boolean {
    const object = frame.optionalObject(key);
    if (object !== undefined) action(object);
    return object !== undefined;
  }

  #start(response: Reader | undefined): ChatEvent[] {
    if (this.#started) return [];
    this.#started = true;
    const created = response?.optionalInteger("created_at");
    const serviceTier = response?.optionalString("service_tier");
    for (const known of ["id", "model", "status", "error", "incomplete_details", "output", "usage"])
      response?.take(known);
    const extra = response === undefined ? undefined : responseExtra(response);
    return [
      {
        type: "start",
        id: text(response, "id"),
        model: text(response, "model"),
        ...(created === undefined ? {} : { created }),
        ...(serviceTier === undefined ? {} : { serviceTier }),
        ...(extra === undefined ? {} : { extra }),
      },
    ];
  }

  #complete(response: Reader | undefined): ChatEvent[] {
    if (response === undefined) return this.#fail({ code: "provider_bad_answer", message: "no response" });
    const events = this.#started ? [] : this.#start(Reader.answer(response.verbatim()));
    const output = response.optionalItems("output") ?? [];
    // A vendor that streams nothing but the whole answer at its end is still understood.
    if (this.#parts.count === 0) for (const [index, item] of output.entries()) this.#items.done(index, item);
    this.#parts.endAll();
    const finish = decodeFinish(response, this.#parts);
    for (const known of ["id", "model", "created_at", "error"]) response.take(known);
    const report = response.optionalObject("usage");
    const usage = report === undefined ? undefined : decodeUsage(report);
    const serviceTier = response.optionalString("service_tier");
    const extra = responseExtra(response);
    this.#over = true;
    return [
      ...events,
      ...this.#parts.take(),
      { type: "finish", choice: 0, finish },
      {
        type: "end",
        ...(usage === undefined ? {} : { usage }),
        ...(serviceTier === undefined ? {} : { serviceTier }),
        ...(extra === undefined ? {} : { extra }),
      },
    ];
  }
}

function text(response: Reader | undefined, key: string): string {
  const value = response?.peek(key);
  return typeof value === "string" ? value : "";
}

import type { AnswerContext, Frame, StreamEncoder } from "../../core/dialect.ts";
import { errors } from "../../core/errors.ts";
import type { ChatEvent } from "../../core/event.ts";
import type { ProviderFailure } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Part, RefusalPart, TextPart } from "../../core/part.ts";
import type { Finish } from "../../core/response.ts";
import { mergeUsage } from "../../core/usage.ts";
import { extraFields } from "../extra.ts";
import { CallWriter, VendorWriter } from "./call-writer.ts";
import { encodeFinish } from "./finish.ts";
import { splitMessageFields } from "./message-extra.ts";
import { MessageWriter } from "./message-writer.ts";
import { OutputWriter, type PartWriter } from "./output-writer.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import { encodeHead, type ResponseHead } from "./response-encode.ts";

const self = "openai-responses";

/** The whole life of a streamed response: created, in progress, each item added, grown and done, completed. */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #writer: OutputWriter;
  readonly #open = new Map<number, PartWriter>();
  #head: ResponseHead = { id: "", model: "" };
  #message: MessageWriter | undefined;
  #finish: Finish = { reason: "other" };
  #calls = false;
  #refusal = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#writer = new OutputWriter(context.token);
  }

  get losses(): readonly string[] {
    return this.#writer.losses.fields;
  }

  push(event: ChatEvent): Frame[] {
    this.#write(event);
    return this.#writer.take();
  }

  #write(event: ChatEvent): void {
    if ("choice" in event && event.choice !== 0) {
      this.#writer.losses.add(`choices[${event.choice}]`);
      return;
    }
    switch (event.type) {
      case "start":
        this.#start(event);
        break;
      case "part_start":
        this.#startPart(event.index, event.part);
        break;
      case "part_delta":
        this.#open.get(event.index)?.grow(event.delta);
        break;
      case "part_end":
        this.#open.get(event.index)?.end(event.part);
        this.#open.delete(event.index);
        break;
      case "finish":
        this.#closeAll();
        this.#finish = event.finish;
        for (const key of Object.keys(event.extra?.fields ?? {}))
          this.#writer.losses.add(`choices[0].extra.${key}`);
        break;
      case "end":
        this.#end(event);
        break;
      case "error":
        this.#fail(event.failure);
        break;
      case "vendor":
        this.#vendor(event.value, event.origin);
        break;
    }
  }

  #start(event: ChatEvent & { readonly type: "start" }): void {
    const { type: _type, ...head } = event;
    this.#head = head;
    const { usage: _usage, ...known } = head;
    const response: JsonObject = {
      ...encodeHead(known, this.#context, this.#writer.losses),
      status: "in_progress",
      error: null,
      incomplete_details: null,
      output: [],
    };
    this.#writer.emit("response.created", { response });
    this.#writer.emit("response.in_progress", { response });
  }

  #startPart(index: number, part: Part): void {
    const path = `choices[0].parts[${index}]`;
    const isContent = part.type === "text" || part.type === "refusal";
    const writer = isContent ? this.#content(part, path) : this.#single(part, path);
    if (writer === undefined) this.#writer.losses.add(path);
    else this.#open.set(index, writer);
    if (part.type === "tool_call") this.#calls = true;
    if (part.type === "refusal") this.#refusal = true;
  }

  #content(part: TextPart | RefusalPart, path: string): PartWriter {
    const extra =
      part.type === "text" ? extraFields(part.extra, self, this.#writer.losses, `${path}.`) : undefined;
    const { item } = splitMessageFields(extra);
    if (this.#message?.takes(item) !== true) {
      this.#message?.close();
      this.#message = new MessageWriter(this.#writer, item);
    }
    return this.#message.add(part, path);
  }

  /** Undefined where the part cannot be said. */
  #single(part: Exclude<Part, TextPart | RefusalPart>, path: string): PartWriter | undefined {
    const sayable =
      part.type === "reasoning" ||
      part.type === "tool_call" ||
      (part.type === "vendor" && part.origin === self);
    if (!sayable) return undefined;
    this.#message?.close();
    this.#message = undefined;
    if (part.type === "reasoning") return new ReasoningWriter(this.#writer, part, path);
    return part.type === "tool_call"
      ? new CallWriter(this.#writer, part, path)
      : new VendorWriter(this.#writer, part, path);
  }

  #closeAll(): void {
    for (const writer of this.#open.values()) writer.end(undefined);
    this.#open.clear();
    this.#message?.close();
    this.#message = undefined;
  }

  #end(event: ChatEvent & { readonly type: "end" }): void {
    this.#closeAll();
    const kinds = { calls: this.#calls, refusal: this.#refusal };
    const { losses } = this.#writer;
    const usage = mergeUsage(this.#head.usage, event.usage);
    const serviceTier = event.serviceTier ?? this.#head.serviceTier;
    const { extra: _extra, ...head } = this.#head;
    const whole: ResponseHead = {
      ...head,
      ...(usage === undefined ? {} : { usage }),
      ...(serviceTier === undefined ? {} : { serviceTier }),
      ...(event.extra === undefined ? {} : { extra: event.extra }),
    };
    const finish = encodeFinish(this.#finish, kinds, losses, "choices[0].finish");
    const response = {
      ...encodeHead(whole, this.#context, losses),
      ...finish,
      error: null,
      output: this.#writer.output,
    };
    this.#writer.emit(finish["status"] === "incomplete" ? "response.incomplete" : "response.completed", {
      response,
    });
  }

  #fail(failure: ProviderFailure): void {
    const { owner, sentence } = errors[failure.code];
    const limited = failure.code === "provider_rate_limited" || failure.code === "provider_quota";
    const response: JsonObject = {
      ...encodeHead(this.#head, this.#context, this.#writer.losses),
      status: "failed",
      incomplete_details: null,
      error: {
        code: limited ? "rate_limit_exceeded" : "server_error",
        message: owner === "caller" ? failure.message : sentence,
      },
      output: this.#writer.output.filter((item) => item !== undefined),
    };
    this.#writer.emit("response.failed", { response });
  }

  #vendor(value: JsonObject, origin: string): void {
    const { type, sequence_number: _number, ...fields } = value;
    if (origin === self && typeof type === "string") this.#writer.emit(type, fields);
    else this.#writer.losses.add(`vendor.${typeof type === "string" ? type : origin}`);
  }
}

import type { Delta } from "../../core/event.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Part, ToolCallPart, VendorPart } from "../../core/part.ts";
import { itemId } from "./answer-style.ts";
import { encodeCall } from "./assistant-encode.ts";
import type { OutputWriter, PartWriter } from "./output-writer.ts";

/** A call of a function or custom tool while it is streamed. */
export class CallWriter implements PartWriter {
  readonly #writer: OutputWriter;
  readonly #started: ToolCallPart;
  readonly #path: string;
  readonly #outputIndex: number;
  readonly #id: string;
  #text = "";

  constructor(writer: OutputWriter, part: ToolCallPart, path: string) {
    this.#writer = writer;
    this.#started = part;
    this.#path = path;
    this.#outputIndex = writer.next;
    this.#id = itemId(part.custom === true ? "ctc" : "fc", writer.token, writer.next);
    writer.added(this.#item({ ...part, arguments: "" }, "in_progress"));
    if (part.arguments !== "") this.grow({ kind: "arguments", text: part.arguments });
  }

  grow(delta: Delta): void {
    if (delta.kind !== "arguments") {
      this.#writer.vendorDelta(delta, this.#outputIndex, this.#path);
      return;
    }
    this.#text += delta.text;
    const type =
      this.#started.custom === true
        ? "response.custom_tool_call_input.delta"
        : "response.function_call_arguments.delta";
    this.#writer.emit(type, { ...this.#place(), delta: delta.text });
  }

  end(whole: Part | undefined): void {
    const call = whole?.type === "tool_call" ? whole : { ...this.#started, arguments: this.#text };
    if (call.custom === true) {
      this.#writer.emit("response.custom_tool_call_input.done", { ...this.#place(), input: call.arguments });
    } else {
      const { name } = call;
      this.#writer.emit("response.function_call_arguments.done", {
        ...this.#place(),
        name,
        arguments: call.arguments,
      });
    }
    this.#writer.done(this.#outputIndex, this.#item(call, "completed"));
  }

  #item(call: ToolCallPart, status: string): JsonObject {
    return { ...encodeCall(call, this.#path, this.#writer.losses), id: this.#id, status };
  }

  #place(): JsonObject {
    return { item_id: this.#id, output_index: this.#outputIndex };
  }
}

/** An item of a hosted tool: verbatim, with its progress. */
export class VendorWriter implements PartWriter {
  readonly #writer: OutputWriter;
  readonly #part: VendorPart;
  readonly #path: string;
  readonly #outputIndex: number;

  constructor(writer: OutputWriter, part: VendorPart, path: string) {
    this.#writer = writer;
    this.#part = part;
    this.#path = path;
    this.#outputIndex = writer.next;
    writer.added(part.value);
  }

  grow(delta: Delta): void {
    this.#writer.vendorDelta(delta, this.#outputIndex, this.#path);
  }

  end(whole: Part | undefined): void {
    this.#writer.done(this.#outputIndex, whole?.type === "vendor" ? whole.value : this.#part.value);
  }
}

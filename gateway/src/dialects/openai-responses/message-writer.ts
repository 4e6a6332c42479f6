import type { Delta } from "../../core/event.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { Part, RefusalPart, TextPart, TokenLogprob } from "../../core/part.ts";
import { itemId } from "./answer-style.ts";
import { encodeCitation } from "./citations.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { encodeOutputContent } from "./output-content.ts";
import type { OutputWriter, PartWriter } from "./output-writer.ts";

/** A message item while it is streamed: neighbouring text and refusals stand in one. */
export class MessageWriter {
  readonly #writer: OutputWriter;
  readonly #outputIndex: number;
  readonly #id: string;
  readonly #item: JsonObject;
  readonly #fields: string;
  readonly #content: Json[] = [];
  #open = 0;
  #closing = false;

  constructor(writer: OutputWriter, fields: JsonObject) {
    this.#writer = writer;
    this.#outputIndex = writer.next;
    this.#id = itemId("msg", writer.token, writer.next);
    this.#item = fields;
    this.#fields = JSON.stringify(fields);
    writer.added(this.#whole("in_progress"));
  }

  /** Whether content with these fields of the message may join it. */
  takes(fields: JsonObject): boolean {
    return !this.#closing && this.#fields === JSON.stringify(fields);
  }

  add(part: TextPart | RefusalPart, path: string): PartWriter {
    const index = this.#content.length;
    const place = { item_id: this.#id, output_index: this.#outputIndex, content_index: index };
    this.#content.push({});
    this.#open += 1;
    const done = (content: JsonObject): void => {
      this.#content[index] = content;
      this.#open -= 1;
      this.#closeIfDone();
    };
    return new ContentWriter(this.#writer, part, path, place, done);
  }

  /** Nothing more joins; the item is done once its last content is. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#closing && this.#open === 0) this.#writer.done(this.#outputIndex, this.#whole("completed"));
  }

  #whole(status: string): JsonObject {
    const content = [...this.#content];
    return { ...this.#item, type: "message", role: "assistant", id: this.#id, status, content };
  }
}

class ContentWriter implements PartWriter {
  readonly #writer: OutputWriter;
  readonly #kind: "output_text" | "refusal";
  readonly #path: string;
  readonly #place: JsonObject;
  readonly #done: (content: JsonObject) => void;
  readonly #annotations: Json[] = [];
  readonly #logprobs: Json[] = [];
  /** Fields of the content part that are not known. */
  readonly #blank: JsonObject;
  #citations = 0;
  #text = "";

  constructor(
    writer: OutputWriter,
    part: TextPart | RefusalPart,
    path: string,
    place: JsonObject,
    done: (content: JsonObject) => void,
  ) {
    this.#writer = writer;
    this.#kind = part.type === "text" ? "output_text" : "refusal";
    this.#path = path;
    this.#place = place;
    this.#done = done;
    const bare: TextPart | RefusalPart =
      part.type === "refusal"
        ? { type: "refusal", text: "" }
        : { type: "text", text: "", ...(part.extra === undefined ? {} : { extra: part.extra }) };
    this.#blank = encodeOutputContent(bare, path, writer.losses).content;
    writer.emit("response.content_part.added", { ...place, part: this.#blank });
    if (part.text !== "" || part.logprobs !== undefined) this.#grow(part.text, part.logprobs);
    if (part.type === "text")
      for (const citation of part.citations ?? []) this.grow({ kind: "citation", citation });
  }

  grow(delta: Delta): void {
    if (delta.kind === "text") {
      this.#grow(delta.text, delta.logprobs);
    } else if (delta.kind === "citation" && this.#kind === "output_text") {
      const path = `${this.#path}.citations[${this.#citations}]`;
      this.#citations += 1;
      const annotation = encodeCitation(delta.citation, path, this.#writer.losses);
      if (annotation === undefined) return;
      this.#writer.emit("response.output_text.annotation.added", {
        ...this.#place,
        annotation_index: this.#annotations.length,
        annotation,
      });
      this.#annotations.push(annotation);
    } else {
      this.#writer.vendorDelta(delta, Number(this.#place["output_index"]), this.#path);
    }
  }

  #grow(text: string, logprobs: readonly TokenLogprob[] | undefined): void {
    this.#text += text;
    if (this.#kind === "refusal") {
      if (logprobs !== undefined) this.#writer.losses.add(`${this.#path}.logprobs`);
      this.#writer.emit("response.refusal.delta", { ...this.#place, delta: text });
      return;
    }
    const said = encodeLogprobs(logprobs, this.#path, this.#writer.losses, this.#logprobs.length);
    for (const one of said) this.#logprobs.push(one);
    this.#writer.emit("response.output_text.delta", { ...this.#place, delta: text, logprobs: said });
  }

  end(whole: Part | undefined): void {
    const replaced = whole?.type === "text" || whole?.type === "refusal" ? whole : undefined;
    const content =
      replaced === undefined
        ? this.#accumulated()
        : encodeOutputContent(replaced, this.#path, this.#writer.losses).content;
    if (this.#kind === "refusal") {
      this.#writer.emit("response.refusal.done", { ...this.#place, refusal: content["refusal"] ?? "" });
    } else {
      const { text = "", logprobs = [] } = content;
      this.#writer.emit("response.output_text.done", { ...this.#place, text, logprobs });
    }
    this.#writer.emit("response.content_part.done", { ...this.#place, part: content });
    this.#done(content);
  }

  #accumulated(): JsonObject {
    if (this.#kind === "refusal") return { ...this.#blank, refusal: this.#text };
    return {
      ...this.#blank,
      text: this.#text,
      annotations: this.#annotations,
      logprobs: this.#logprobs,
    };
  }
}

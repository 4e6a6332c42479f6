import type { AnswerContext, Frame, StreamEncoder } from "../../core/dialect.ts";
import type { ChatEvent } from "../../core/event.ts";
import { Fault } from "../../core/fault.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { Losses } from "../../core/loss.ts";
import { mergeUsage, type Usage } from "../../core/usage.ts";
import { extraFields } from "../extra.ts";
import { errorFrame } from "./errors.ts";
import { encodeFinish } from "./finish.ts";
import { id } from "./id.ts";
import { unnest } from "./nested-extra.ts";
import { PartWriter } from "./stream-part.ts";
import { encodeUsage } from "./usage.ts";

interface ChoiceState {
  /** How many tool calls and reasoning blocks have begun: their places in the wire's own lists. */
  calls: number;
  blocks: number;
  lastKind: string;
  roleSaid: boolean;
  refused: boolean;
  readonly parts: Map<number, PartWriter>;
}

/**
 * Events to chunks. Each chunk repeats id, model and time, so their text is made once. The usage chunk is written
 * only for a client that asked for it; `[DONE]` only after `end`.
 */
export class ChunkEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #losses = new Losses();
  readonly #choices = new Map<number, ChoiceState>();
  #envelope: JsonObject = {};
  /** Text of the envelope up to the choices. */
  #head = "";
  #usage: Usage | undefined;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  get losses(): readonly string[] {
    return this.#losses.fields;
  }

  push(event: ChatEvent): Frame[] {
    switch (event.type) {
      case "start":
        return this.#start(event);
      case "part_start":
        return this.#partStart(event);
      case "part_delta": {
        const writer = this.#choice(event.choice).parts.get(event.index);
        return this.#deltas(event.choice, writer?.grow(event.delta) ?? []);
      }
      case "part_end": {
        const { parts } = this.#choice(event.choice);
        const writer = parts.get(event.index);
        parts.delete(event.index);
        return this.#deltas(event.choice, writer?.end(event.part) ?? []);
      }
      case "finish":
        return this.#finish(event);
      case "end":
        return this.#end(event);
      case "error": {
        const { code, vendorType, vendorCode } = event.failure;
        const fault = new Fault(code, {
          ...(vendorType === undefined ? {} : { vendorType }),
          ...(vendorCode === undefined ? {} : { vendorCode }),
        });
        return [errorFrame(fault, "unknown")];
      }
      case "vendor":
        // Another dialect's frame is about its own stream; a whole answer has no place for it either.
        return event.origin === id ? [{ data: JSON.stringify(event.value) }] : [];
      default:
        return [];
    }
  }

  #start(event: ChatEvent & { type: "start" }): Frame[] {
    this.#usage = event.usage;
    const { token, now, request } = this.#context;
    this.#envelope = {
      id: event.id === "" ? `chatcmpl-${token}` : event.id,
      object: "chat.completion.chunk",
      created: event.created ?? now,
      model: event.model === "" ? request.model : event.model,
      ...(event.serviceTier === undefined ? {} : { service_tier: event.serviceTier }),
    };
    this.#head = `${JSON.stringify(this.#envelope).slice(0, -1)},"choices":`;
    const choice = this.#choice(0);
    choice.roleSaid = true;
    const first = { index: 0, delta: { role: "assistant", content: "" }, finish_reason: null };
    const extra = extraFields(event.extra, id, this.#losses, "");
    return [{ data: JSON.stringify({ ...extra, ...this.#envelope, choices: [first] }) }];
  }

  #partStart(event: ChatEvent & { type: "part_start" }): Frame[] {
    const choice = this.#choice(event.choice);
    const path = `choices[${event.choice}].parts[${event.index}]`;
    const { type } = event.part;
    // Adjacent text is one text here.
    if ((type === "text" || type === "refusal") && choice.lastKind === type) this.#losses.add(path);
    choice.lastKind = type;
    if (type === "refusal") choice.refused = true;
    const writer = new PartWriter(
      event.part,
      type === "reasoning" ? choice.blocks : choice.calls,
      this.#losses,
      path,
    );
    if (type === "reasoning") choice.blocks += 1;
    if (writer.isCall) choice.calls += 1;
    choice.parts.set(event.index, writer);
    return this.#deltas(event.choice, writer.start());
  }

  #finish(event: ChatEvent & { type: "finish" }): Frame[] {
    const path = `choices[${event.choice}]`;
    const { outer, inner } = unnest(extraFields(event.extra, id, this.#losses, `${path}.`), "message");
    const choice: JsonObject = {
      ...outer,
      index: event.choice,
      delta: { ...inner },
      ...encodeFinish(event.finish, this.#choice(event.choice).refused, this.#losses, `${path}.finish`),
    };
    return [this.#chunk([choice])];
  }

  #end(event: ChatEvent & { type: "end" }): Frame[] {
    const usage = mergeUsage(this.#usage, event.usage);
    const said = usage === undefined ? undefined : encodeUsage(usage, this.#losses);
    const extra = extraFields(event.extra, id, this.#losses, "");
    const done: Frame = { data: "[DONE]" };
    if (said === undefined || this.#context.request.streamUsage !== true) {
      // A chunk without choices comes to no client that did not ask for one.
      for (const key of Object.keys(extra ?? {})) this.#losses.add(`extra.${key}`);
      if (event.serviceTier !== undefined) this.#losses.add("serviceTier");
      return [done];
    }
    const last: JsonObject = {
      ...extra,
      ...this.#envelope,
      ...(event.serviceTier === undefined ? {} : { service_tier: event.serviceTier }),
      choices: [],
      usage: said,
    };
    return [{ data: JSON.stringify(last) }, done];
  }

  #choice(index: number): ChoiceState {
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      choice = { calls: 0, blocks: 0, lastKind: "", roleSaid: false, refused: false, parts: new Map() };
      this.#choices.set(index, choice);
    }
    return choice;
  }

  #deltas(index: number, deltas: readonly { delta: JsonObject; logprobs?: Json }[]): Frame[] {
    const choice = this.#choice(index);
    return deltas.map(({ delta, logprobs }) => {
      const said = choice.roleSaid ? delta : { role: "assistant", ...delta };
      choice.roleSaid = true;
      return this.#chunk([
        { index, delta: said, ...(logprobs === undefined ? {} : { logprobs }), finish_reason: null },
      ]);
    });
  }

  #chunk(choices: Json[]): Frame {
    return { data: `${this.#head}${JSON.stringify(choices)}}` };
  }
}

import type { AnswerContext } from "../../core/dialect.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Encoded, Losses } from "../../core/loss.ts";
import type { Part, ReasoningPart, TextPart, TokenLogprob } from "../../core/part.ts";
import type { ChatResponse, Choice } from "../../core/response.ts";
import { extraFields } from "../extra.ts";
import { encodeAnnotation } from "./annotations.ts";
import { encodeFinish, hasRefusal } from "./finish.ts";
import { id } from "./id.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { unnest } from "./nested-extra.ts";
import { encodeReasoning } from "./reasoning-details.ts";
import { encodeToolCall } from "./tool-calls.ts";
import { encodeUsage } from "./usage.ts";

/** A message as it is put together. All text is one string: the place of a part among others is lost. */
class MessageDraft {
  readonly #losses: Losses;
  readonly #reasoning: { readonly part: ReasoningPart; readonly path: string }[] = [];
  readonly #calls: JsonObject[] = [];
  readonly #annotations: JsonObject[] = [];
  readonly #contentLogprobs: TokenLogprob[] = [];
  readonly #refusalLogprobs: TokenLogprob[] = [];
  #content: string | undefined;
  #refusal: string | undefined;
  #audio: JsonObject = {};
  #stage = 0;

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  add(part: Part, path: string): void {
    switch (part.type) {
      case "reasoning":
        this.#at(0, path);
        this.#reasoning.push({ part, path });
        break;
      case "text":
        this.#at(1, path);
        this.#addText(part, path);
        break;
      case "refusal":
        this.#at(2, path);
        if (this.#refusal !== undefined) this.#losses.add(path);
        this.#refusal = (this.#refusal ?? "") + part.text;
        this.#refusalLogprobs.push(...(part.logprobs ?? []));
        break;
      case "tool_call":
        this.#at(3, path);
        this.#calls.push(encodeToolCall(part, this.#losses, path));
        break;
      case "vendor":
        if (part.origin !== id || part.value["type"] === "content_part") {
          this.#losses.add(path);
        } else if (part.value["type"] === "audio") {
          this.#at(4, path);
          this.#audio = { audio: part.value["audio"] ?? null };
        } else {
          this.#at(3, path);
          this.#calls.push(part.value);
        }
        break;
      default:
        this.#losses.add(path);
    }
  }

  #at(stage: number, path: string): void {
    if (stage < this.#stage) this.#losses.add(path);
    else this.#stage = stage;
  }

  #addText(part: TextPart, path: string): void {
    if (this.#content !== undefined) this.#losses.add(path);
    if (part.cache !== undefined) this.#losses.add(`${path}.cache`);
    const extra = extraFields(part.extra, id, this.#losses, `${path}.`);
    if (extra !== undefined) this.#losses.add(`${path}.extra`);
    this.#content = (this.#content ?? "") + part.text;
    this.#contentLogprobs.push(...(part.logprobs ?? []));
    for (const [index, citation] of (part.citations ?? []).entries()) {
      const annotation = encodeAnnotation(citation, this.#losses, `${path}.citations[${index}]`);
      if (annotation !== undefined) this.#annotations.push(annotation);
    }
  }

  message(): JsonObject {
    return {
      role: "assistant",
      content: this.#content ?? null,
      refusal: this.#refusal ?? null,
      ...encodeReasoning(this.#reasoning, this.#losses),
      ...(this.#annotations.length === 0 ? {} : { annotations: this.#annotations }),
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
      ...this.#audio,
    };
  }

  logprobs(): JsonObject | null {
    return encodeLogprobs(this.#contentLogprobs, this.#refusalLogprobs);
  }
}

function encodeChoice(choice: Choice, path: string, losses: Losses): JsonObject {
  const draft = new MessageDraft(losses);
  for (const [index, part] of choice.parts.entries()) draft.add(part, `${path}.parts[${index}]`);
  const { outer, inner } = unnest(extraFields(choice.extra, id, losses, `${path}.`), "message");
  return {
    ...outer,
    index: choice.index,
    message: { ...inner, ...draft.message() },
    logprobs: draft.logprobs(),
    ...encodeFinish(choice.finish, hasRefusal(choice.parts), losses, `${path}.finish`),
  };
}

export function encodeResponse(response: ChatResponse, context: AnswerContext): Encoded<JsonObject> {
  const losses = new Losses();
  const usage = response.usage === undefined ? undefined : encodeUsage(response.usage, losses);
  const body: JsonObject = {
    ...extraFields(response.extra, id, losses, ""),
    id: response.id === "" ? `chatcmpl-${context.token}` : response.id,
    object: "chat.completion",
    created: response.created ?? context.now,
    model: response.model === "" ? context.request.model : response.model,
    choices: response.choices.map((choice, index) => encodeChoice(choice, `choices[${index}]`, losses)),
    ...(usage === undefined ? {} : { usage }),
    ...(response.serviceTier === undefined ? {} : { service_tier: response.serviceTier }),
  };
  return { body, losses: losses.fields };
}

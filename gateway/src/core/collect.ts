import type { ChatEvent, Delta } from "./event.ts";
import { type Extra, mergeExtra } from "./extra.ts";
import type { ProviderFailure } from "./failure.ts";
import type { Citation, Part, ReasoningSignature, TokenLogprob } from "./part.ts";
import type { ChatResponse, Choice, Finish } from "./response.ts";
import { mergeUsage, type Usage } from "./usage.ts";

/** A part as it grows. */
class PartDraft {
  readonly #started: Part;
  #text = "";
  #arguments = "";
  #signature: ReasoningSignature | undefined;
  /** By index; a map, so that a hostile index costs nothing. */
  readonly #summary = new Map<number, string>();
  readonly #citations: Citation[] = [];
  readonly #logprobs: TokenLogprob[] = [];
  /** In place of what was accumulated. */
  whole: Part | undefined;

  constructor(started: Part) {
    this.#started = started;
    if (started.type === "reasoning") {
      for (const [index, piece] of (started.summary ?? []).entries()) this.#summary.set(index, piece);
    }
  }

  grow(delta: Delta): void {
    switch (delta.kind) {
      case "text":
        this.#text += delta.text;
        if (delta.logprobs !== undefined) for (const logprob of delta.logprobs) this.#logprobs.push(logprob);
        break;
      case "arguments":
        this.#arguments += delta.text;
        break;
      case "summary":
        this.#summary.set(delta.index, (this.#summary.get(delta.index) ?? "") + delta.text);
        break;
      case "signature":
        this.#signature = delta.signature;
        break;
      case "citation":
        this.#citations.push(delta.citation);
        break;
      case "vendor":
        // Only its origin can add it up; that decoder gives the whole part at the end.
        break;
    }
  }

  part(): Part {
    if (this.whole !== undefined) return this.whole;
    const started = this.#started;
    switch (started.type) {
      case "text": {
        const citations = [...(started.citations ?? []), ...this.#citations];
        const logprobs = [...(started.logprobs ?? []), ...this.#logprobs];
        return {
          ...started,
          text: started.text + this.#text,
          ...(citations.length === 0 ? {} : { citations }),
          ...(logprobs.length === 0 ? {} : { logprobs }),
        };
      }
      case "refusal": {
        const logprobs = [...(started.logprobs ?? []), ...this.#logprobs];
        return {
          ...started,
          text: started.text + this.#text,
          ...(logprobs.length === 0 ? {} : { logprobs }),
        };
      }
      case "reasoning": {
        const { text: startedText = "", summary: _, ...rest } = started;
        const text = startedText + this.#text;
        const summary = [...this.#summary].sort(([one], [other]) => one - other).map(([, piece]) => piece);
        return {
          ...rest,
          ...(text === "" ? {} : { text }),
          ...(summary.length === 0 ? {} : { summary }),
          ...(this.#signature === undefined ? {} : { signature: this.#signature }),
        };
      }
      case "tool_call":
        return { ...started, arguments: started.arguments + this.#arguments };
      default:
        return started;
    }
  }
}

interface ChoiceDraft {
  readonly index: number;
  readonly parts: Map<number, PartDraft>;
  finish: Finish | undefined;
  extra: Extra | undefined;
}

/**
 * Puts a streamed answer together while it comes. Frames that only their origin understands (`vendor` events) have
 * no place in a whole answer and are left out; so is a delta for a part that never started.
 */
export class Collector {
  #id = "";
  #model = "";
  #created: number | undefined;
  #serviceTier: string | undefined;
  #usage: Usage | undefined;
  #extra: Extra | undefined;
  #complete = false;
  #failure: ProviderFailure | undefined;
  readonly #choices = new Map<number, ChoiceDraft>();

  push(event: ChatEvent): void {
    switch (event.type) {
      case "start":
        this.#id = event.id;
        this.#model = event.model;
        this.#created = event.created;
        this.#serviceTier = event.serviceTier;
        this.#usage = event.usage;
        this.#extra = event.extra;
        break;
      case "part_start":
        this.#choice(event.choice).parts.set(event.index, new PartDraft(event.part));
        break;
      case "part_delta":
        this.#choice(event.choice).parts.get(event.index)?.grow(event.delta);
        break;
      case "part_end": {
        const draft = this.#choice(event.choice).parts.get(event.index);
        if (draft !== undefined) draft.whole = event.part;
        break;
      }
      case "finish": {
        const choice = this.#choice(event.choice);
        choice.finish = event.finish;
        choice.extra = event.extra;
        break;
      }
      case "end":
        this.#complete = true;
        this.#usage = mergeUsage(this.#usage, event.usage);
        this.#serviceTier = event.serviceTier ?? this.#serviceTier;
        this.#extra = mergeExtra(this.#extra, event.extra);
        break;
      case "error":
        this.#failure = event.failure;
        break;
      case "vendor":
        break;
    }
  }

  /** True once `end` has come. */
  get complete(): boolean {
    return this.#complete;
  }

  /** What the stream ended with in place of `end`. */
  get failure(): ProviderFailure | undefined {
    return this.#failure;
  }

  /** The answer as far as it has come. A choice that has not finished says `other`. */
  response(): ChatResponse {
    const choices = [...this.#choices.values()].sort((one, other) => one.index - other.index);
    return {
      id: this.#id,
      model: this.#model,
      ...(this.#created === undefined ? {} : { created: this.#created }),
      choices: choices.map(wholeChoice),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#serviceTier === undefined ? {} : { serviceTier: this.#serviceTier }),
      ...(this.#extra === undefined ? {} : { extra: this.#extra }),
    };
  }

  #choice(index: number): ChoiceDraft {
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      choice = { index, parts: new Map(), finish: undefined, extra: undefined };
      this.#choices.set(index, choice);
    }
    return choice;
  }
}

function wholeChoice(draft: ChoiceDraft): Choice {
  const parts = [...draft.parts.entries()].sort(([one], [other]) => one - other);
  return {
    index: draft.index,
    parts: parts.map(([, part]) => part.part()),
    finish: draft.finish ?? { reason: "other" },
    ...(draft.extra === undefined ? {} : { extra: draft.extra }),
  };
}

/** A streamed answer as a whole. */
export function collect(events: Iterable<ChatEvent>): ChatResponse {
  const collector = new Collector();
  for (const event of events) collector.push(event);
  return collector.response();
}

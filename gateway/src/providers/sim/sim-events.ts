import type { ChatEvent, Delta } from "../../core/event.ts";
import type { Part, TokenLogprob } from "../../core/part.ts";
import type { ChatResponse, Choice } from "../../core/response.ts";
import type { Usage } from "../../core/usage.ts";
import { tokenEnd } from "./sim-text.ts";

/** A whole answer as it would have been streamed, `chunk` tokens to a delta. */
export function* simEvents(answer: ChatResponse, chunk: number): Generator<ChatEvent> {
  const { id, model, created, usage } = answer;
  yield {
    type: "start",
    id,
    model,
    ...(created === undefined ? {} : { created }),
    ...(usage === undefined ? {} : { usage: inputOf(usage) }),
  };
  for (const choice of answer.choices) yield* choiceEvents(choice, chunk);
  yield { type: "end", ...(usage === undefined ? {} : { usage }) };
}

/** What is known before the first token. */
function inputOf(usage: Usage): Usage {
  const { outputTokens: _, reasoningTokens: __, ...input } = usage;
  return input;
}

function* choiceEvents(choice: Choice, chunk: number): Generator<ChatEvent> {
  for (const [index, part] of choice.parts.entries()) {
    const place = { choice: choice.index, index };
    yield { type: "part_start", ...place, part: emptied(part) };
    for (const delta of deltas(part, chunk)) yield { type: "part_delta", ...place, delta };
    yield { type: "part_end", ...place };
  }
  yield { type: "finish", choice: choice.index, finish: choice.finish };
}

function emptied(part: Part): Part {
  switch (part.type) {
    case "tool_call":
      return { ...part, arguments: "" };
    case "text":
      return { type: "text", text: "" };
    case "refusal":
      return { type: "refusal", text: "" };
    case "reasoning":
      return { type: "reasoning", ...(part.id === undefined ? {} : { id: part.id }), text: "" };
    default:
      return part;
  }
}

function* deltas(part: Part, chunk: number): Generator<Delta> {
  if (part.type === "tool_call") {
    for (const { text } of pieces(part.arguments, chunk)) yield { kind: "arguments", text };
  } else if (part.type === "text") {
    for (const { text, first, count } of pieces(part.text, chunk)) {
      const logprobs: readonly TokenLogprob[] | undefined = part.logprobs?.slice(first, first + count);
      yield { kind: "text", text, ...(logprobs === undefined ? {} : { logprobs }) };
    }
  } else if (part.type === "refusal" || part.type === "reasoning") {
    for (const { text } of pieces(part.text ?? "", chunk)) yield { kind: "text", text };
    if (part.type === "reasoning" && part.signature !== undefined)
      yield { kind: "signature", signature: part.signature };
  }
}

/** A text in pieces of `chunk` tokens; `first` is the number of the piece's first token. */
function* pieces(text: string, chunk: number): Generator<{ text: string; first: number; count: number }> {
  let first = 0;
  for (let from = 0; from < text.length; ) {
    let to = from;
    let count = 0;
    for (; count < chunk && to < text.length; count += 1) to = tokenEnd(text, to);
    yield { text: text.slice(from, to), first, count };
    first += count;
    from = to;
  }
}

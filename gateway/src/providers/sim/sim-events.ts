import type { ChatEvent, Delta } from "../../core/event.ts";
import { replay } from "../../core/replay.ts";
import type { ChatResponse } from "../../core/response.ts";
import type { Usage } from "../../core/usage.ts";
import { tokenEnd } from "./sim-text.ts";

/** A whole answer as it would have been streamed, `chunk` tokens to a delta. */
export function* simEvents(answer: ChatResponse, chunk: number): Generator<ChatEvent> {
  for (const event of replay(answer)) {
    if (event.type === "start" && answer.usage !== undefined)
      yield { ...event, usage: inputOf(answer.usage) };
    else if (event.type === "part_delta")
      for (const delta of pieces(event.delta, chunk)) yield { ...event, delta };
    else yield event;
  }
}

/** What is known before the first token. */
function inputOf(usage: Usage): Usage {
  const { outputTokens: _, reasoningTokens: __, ...input } = usage;
  return input;
}

function* pieces(delta: Delta, chunk: number): Generator<Delta> {
  if (delta.kind !== "text" && delta.kind !== "arguments") {
    yield delta;
    return;
  }
  const logprobs = delta.kind === "text" ? delta.logprobs : undefined;
  let token = 0;
  for (let from = 0; from < delta.text.length; ) {
    const first = token;
    let to = from;
    for (; token < first + chunk && to < delta.text.length; token += 1) to = tokenEnd(delta.text, to);
    const text = delta.text.slice(from, to);
    yield logprobs === undefined
      ? { kind: delta.kind, text }
      : { kind: "text", text, logprobs: logprobs.slice(first, token) };
    from = to;
  }
}

import type { ChatEvent, Delta } from "./event.ts";
import type { Part } from "./part.ts";
import type { ChatResponse } from "./response.ts";

/** What is known of a part before its first delta, and the deltas that make it whole. */
function unfold(part: Part): { readonly started: Part; readonly deltas: readonly Delta[] } {
  switch (part.type) {
    case "text": {
      const { citations = [], logprobs, ...rest } = part;
      const text: Delta[] =
        part.text === "" && logprobs === undefined
          ? []
          : [{ kind: "text", text: part.text, ...(logprobs === undefined ? {} : { logprobs }) }];
      return {
        started: { ...rest, text: "" },
        deltas: [...text, ...citations.map((citation): Delta => ({ kind: "citation", citation }))],
      };
    }
    case "refusal": {
      const { logprobs } = part;
      return {
        started: { type: "refusal", text: "" },
        deltas: [{ kind: "text", text: part.text, ...(logprobs === undefined ? {} : { logprobs }) }],
      };
    }
    case "reasoning": {
      const { text, summary = [], signature, ...started } = part;
      const deltas: Delta[] = summary.map((piece, index) => ({ kind: "summary", index, text: piece }));
      if (text !== undefined) deltas.push({ kind: "text", text });
      if (signature !== undefined) deltas.push({ kind: "signature", signature });
      return { started, deltas };
    }
    case "tool_call":
      return {
        started: { ...part, arguments: "" },
        deltas: part.arguments === "" ? [] : [{ kind: "arguments", text: part.arguments }],
      };
    default:
      return { started: part, deltas: [] };
  }
}

/** A whole answer as the events of a stream: one delta for each thing that grows, choices one after the other. */
export function* replay(response: ChatResponse): Generator<ChatEvent, void> {
  const { id, model, created, serviceTier, extra, usage } = response;
  yield {
    type: "start",
    id,
    model,
    ...(created === undefined ? {} : { created }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(extra === undefined ? {} : { extra }),
  };
  for (const choice of response.choices) {
    for (const [index, part] of choice.parts.entries()) {
      const { started, deltas } = unfold(part);
      yield { type: "part_start", choice: choice.index, index, part: started };
      for (const delta of deltas) yield { type: "part_delta", choice: choice.index, index, delta };
      yield { type: "part_end", choice: choice.index, index };
    }
    yield {
      type: "finish",
      choice: choice.index,
      finish: choice.finish,
      ...(choice.extra === undefined ? {} : { extra: choice.extra }),
    };
  }
  yield { type: "end", ...(usage === undefined ? {} : { usage }) };
}

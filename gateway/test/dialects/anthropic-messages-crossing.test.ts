import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { ChatDialect } from "../../src/core/dialect.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { ReasoningPart } from "../../src/core/part.ts";
import { replay } from "../../src/core/replay.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { type Recording, type RecordingSource, recordingsOf } from "./recordings.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

/** What a caller reads of an answer, whatever the language. */
function substance(response: ChatResponse) {
  const parts = response.choices[0]?.parts ?? [];
  return {
    text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    calls: parts.flatMap((part) =>
      part.type === "tool_call" ? [[part.id, part.name, JSON.parse(part.arguments) as Json]] : [],
    ),
    reasoning: parts
      .map((part) => (part.type === "reasoning" ? [part.text, ...(part.summary ?? [])].join("") : ""))
      .join(""),
    finish: response.choices[0]?.finish.reason,
    usage: [response.usage?.inputTokens, response.usage?.outputTokens],
  };
}

function cross(recording: Recording, from: ChatDialect, through: ChatDialect): void {
  if (recording.frames !== undefined) {
    const events = decodeFrames(from, recording.frames);
    if (events.at(-1)?.type === "error") return;
    const { frames, losses } = encodeEvents(through, events);
    const back = collect(decodeFrames(through, frames));
    compare(substance(back), substance(collect(events)), losses);
  } else if (recording.body !== undefined && !("error" in recording.body)) {
    const response = from.response.decode(recording.body);
    const { body, losses } = through.response.encode(response, answerContext);
    compare(substance(through.response.decode(body)), substance(response), losses);
  }
}

type Substance = ReturnType<typeof substance>;

/** Why it stopped may be told in a poorer word, if the loss of it is told. */
function compare(back: Substance, sent: Substance, losses: readonly string[]): void {
  const lostFinish = losses.some((loss) => loss.includes("finish"));
  const { finish, ...rest } = back;
  const { finish: sentFinish, ...sentRest } = sent;
  expect(rest).toStrictEqual(sentRest);
  expect(lostFinish ? "lost" : finish).toBe(lostFinish ? "lost" : sentFinish);
}

interface Crossing {
  readonly from: ChatDialect;
  readonly through: ChatDialect;
  readonly source: RecordingSource;
}

const crossings: readonly Crossing[] = [
  { from: anthropicMessages, through: openaiChat, source: { folders: ["anthropic"] } },
  { from: anthropicMessages, through: openaiResponses, source: { folders: ["anthropic"] } },
  {
    from: openaiChat,
    through: anthropicMessages,
    source: { folders: ["openai/chat", "mistral"], terminator: "[DONE]" },
  },
  { from: openaiResponses, through: anthropicMessages, source: { folders: ["openai/responses"] } },
];

describe.each(crossings)("$from.id through $through.id", ({ from, through, source }) => {
  const recordings = recordingsOf(from, source);
  if (recordings.length === 0) {
    test("recordings are not on this machine: nothing was checked", () => expect(recordings).toHaveLength(0));
    return;
  }
  test.each(recordings)("$name keeps its substance", (recording) => cross(recording, from, through));
});

const word = fc.string({ minLength: 1, maxLength: 12 });
const signature = fc.record(
  {
    origin: fc.constantFrom(
      "openai-chat" as const,
      "openai-responses" as const,
      "anthropic-messages" as const,
    ),
    value: fc.base64String({ minLength: 4, maxLength: 40 }),
  },
  { noNullPrototype: true },
);
const reasoning: fc.Arbitrary<ReasoningPart> = fc.oneof(
  fc.record(
    {
      type: fc.constant("reasoning" as const),
      id: word,
      text: word,
      summary: fc.array(word, { minLength: 1, maxLength: 3 }),
      signature,
    },
    { requiredKeys: ["type", "text"], noNullPrototype: true },
  ),
  fc.record(
    {
      type: fc.constant("reasoning" as const),
      id: word,
      summary: fc.array(word, { minLength: 1, maxLength: 3 }),
      signature,
    },
    { requiredKeys: ["type", "summary"], noNullPrototype: true },
  ),
  fc.record(
    { type: fc.constant("reasoning" as const), signature, redacted: fc.constant(true) },
    { noNullPrototype: true },
  ),
) as fc.Arbitrary<ReasoningPart>;

function answer(part: ReasoningPart): ChatResponse {
  return {
    id: "msg_1",
    model: "m",
    choices: [{ index: 0, parts: [part, { type: "text", text: "so" }], finish: { reason: "stop" } }],
  };
}

function echoed(content: Json): unknown {
  const body: JsonObject = { model: "m", max_tokens: 1, messages: [{ role: "assistant", content }] };
  return anthropicMessages.request.decode(JSON.parse(JSON.stringify(body)) as JsonObject).messages[0]
    ?.parts[0];
}

/** As a client puts the deltas of a stream together. */
function assembled(frames: readonly { readonly data: string }[]): Json[] {
  const content: JsonObject[] = [];
  for (const { data } of frames) {
    const value = JSON.parse(data) as { type: string; content_block: JsonObject; delta: JsonObject };
    if (value.type === "content_block_start") content.push({ ...value.content_block });
    const block = content.at(-1);
    if (value.type !== "content_block_delta" || block === undefined) continue;
    for (const key of ["thinking", "text", "signature"]) {
      const [before, more] = [block[key], value.delta[key]];
      if (typeof more === "string") block[key] = typeof before === "string" ? before + more : more;
    }
  }
  return content;
}

describe("reasoning of any vendor survives a turn through an Anthropic client", () => {
  test("whole", () => {
    fc.assert(
      fc.property(reasoning, (part) => {
        const { body, losses } = anthropicMessages.response.encode(answer(part), answerContext);
        expect(losses).toStrictEqual([]);
        expect(echoed(body["content"] ?? null)).toStrictEqual(part);
      }),
    );
  });

  test("streamed", () => {
    fc.assert(
      fc.property(reasoning, (part) => {
        const { frames, losses } = encodeEvents(anthropicMessages, replay(answer(part)));
        expect(losses).toStrictEqual([]);
        expect(echoed(assembled(frames))).toStrictEqual(collect(replay(answer(part))).choices[0]?.parts[0]);
      }),
    );
  });

  test("and goes back to Anthropic as it came, never another's", () => {
    fc.assert(
      fc.property(reasoning, (part) => {
        const { body } = anthropicMessages.response.encode(answer(part), answerContext);
        const request = anthropicMessages.request.decode({
          model: "m",
          max_tokens: 1,
          messages: [{ role: "assistant", content: body["content"] ?? null }],
        });
        const again = anthropicMessages.request.encode(request, { quirks: {} });
        const sent = JSON.stringify(again.body);
        expect(sent).not.toContain("entente:");
        expect(sent.includes(JSON.stringify(part.signature?.value ?? "-"))).toBe(
          part.signature?.origin === "anthropic-messages",
        );
      }),
    );
  });

  test("but a text that the client changed is only text", () => {
    const part: ReasoningPart = { type: "reasoning", summary: ["One.", "Two."] };
    const { body } = anthropicMessages.response.encode(answer(part), answerContext);
    const [thinking] = body["content"] as JsonObject[];
    expect(echoed([{ ...thinking, thinking: "Edited." }])).toStrictEqual({
      type: "reasoning",
      text: "Edited.",
    });
  });
});

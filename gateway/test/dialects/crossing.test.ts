import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { ChatDialect, RequestTarget } from "../../src/core/dialect.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { Part, ReasoningPart } from "../../src/core/part.ts";
import { replay } from "../../src/core/replay.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { text } from "./neutral-values.ts";
import { overTheWire } from "./over-the-wire.ts";
import { type RecordingSource, recordingsOf } from "./recordings.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

const dialects: readonly ChatDialect[] = [openaiChat, openaiResponses, anthropicMessages];

const sources = new Map<ChatDialect, RecordingSource>([
  [openaiChat, { folders: ["openai/chat", "mistral"], terminator: "[DONE]" }],
  [openaiResponses, { folders: ["openai/responses"] }],
  [anthropicMessages, { folders: ["anthropic"] }],
]);

const pairs = dialects.flatMap((from) => dialects.filter((to) => to !== from).map((to) => ({ from, to })));

function parsed(argumentsText: string): unknown {
  try {
    return JSON.parse(argumentsText);
  } catch {
    return argumentsText;
  }
}

/** What an application sees of an answer. */
function essence(response: ChatResponse) {
  const parts = response.choices.flatMap((choice) => choice.parts);
  const shown = (part: ReasoningPart) => part.text ?? (part.summary ?? []).join("\n\n");
  const join = (texts: readonly string[]) => texts.filter((piece) => piece !== "").join("");
  return {
    text: join(parts.map((part) => (part.type === "text" ? part.text : ""))),
    refusal: join(parts.map((part) => (part.type === "refusal" ? part.text : ""))),
    reasoning: join(parts.map((part) => (part.type === "reasoning" ? shown(part) : ""))),
    calls: parts
      .filter((part) => part.type === "tool_call")
      .map((call) => ({ id: call.id, name: call.name, arguments: parsed(call.arguments) })),
    finish: response.choices.map((choice) => choice.finish.reason),
    input: response.usage?.inputTokens,
    output: response.usage?.outputTokens,
  };
}

type Essence = ReturnType<typeof essence>;

/** Every difference must have been told: what became of a part under `choices`, of usage under `usage`. */
function expectKept(before: Essence, after: Essence, losses: readonly string[]): void {
  const told = (prefix: string) => losses.some((loss) => loss.startsWith(prefix));
  for (const key of ["text", "refusal", "reasoning", "calls"] as const) {
    if (!told("choices")) expect(after[key], key).toStrictEqual(before[key]);
  }
  if (!losses.some((loss) => loss.includes(".finish"))) expect(after.finish).toStrictEqual(before.finish);
  if (told("usage")) return;
  // Where usage is required, all zeros stand for unknown.
  expect(after.input ?? 0).toBe(before.input ?? after.input ?? 0);
  expect(after.output ?? 0).toBe(before.output ?? after.output ?? 0);
}

describe("crossing", () => {
  const crossings = pairs.flatMap(({ from, to }) => {
    const source = sources.get(from);
    if (source === undefined) return [];
    return recordingsOf(from, source)
      .filter(({ body }) => body === undefined || Object.hasOwn(body, from.response.answerField))
      .map((recording) => ({ name: `${recording.name} as ${to.id}`, from, to, recording }));
  });
  if (crossings.length === 0) {
    test("no recordings are on this machine: nothing was checked", () => expect(crossings).toHaveLength(0));
  } else {
    test.each(crossings)("$name keeps what an application sees", ({ from, to, recording }) => {
      if (recording.frames !== undefined) {
        const events = decodeFrames(from, recording.frames);
        if (events.at(-1)?.type === "error") return;
        const { frames, losses } = encodeEvents(to, events);
        expectKept(essence(collect(events)), essence(collect(decodeFrames(to, frames))), losses);
        return;
      }
      const response = from.response.decode(recording.body ?? {});
      const { body, losses } = to.response.encode(response, answerContext);
      expectKept(essence(response), essence(to.response.decode(overTheWire(body))), losses);
    });
  }
});

/** What a client sends back when it appends the answer to the conversation as it came. */
function echoed(dialect: ChatDialect, answer: JsonObject): JsonObject {
  const model = "some-model";
  const question = { role: "user", content: "hello" };
  if (dialect === openaiChat) {
    const [choice] = answer["choices"] as { message: JsonObject }[];
    return { model, messages: [question, choice?.message ?? {}] };
  }
  if (dialect === openaiResponses) return { model, input: [question, ...(answer["output"] as JsonObject[])] };
  return {
    model,
    max_tokens: 10,
    messages: [question, { role: "assistant", content: answer["content"] ?? [] }],
  };
}

function reasoningOf(request: ChatRequest): Part[] {
  return request.messages.flatMap((message) => message.parts.filter((part) => part.type === "reasoning"));
}

const signature = fc
  .uint8Array({ minLength: 6, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));

/** Reasoning as each origin signs it. */
const reasoningBy: Record<ChatDialect["id"], fc.Arbitrary<ReasoningPart>> = {
  "openai-chat": fc.oneof(
    fc.tuple(text, signature).map(
      ([shown, value]): ReasoningPart => ({
        type: "reasoning",
        text: shown,
        signature: { origin: "openai-chat", value },
      }),
    ),
    fc.tuple(signature).map(
      ([value]): ReasoningPart => ({
        type: "reasoning",
        signature: { origin: "openai-chat", value },
        redacted: true,
      }),
    ),
  ),
  "openai-responses": fc.tuple(fc.array(text, { maxLength: 2 }), signature).map(
    ([summary, value]): ReasoningPart => ({
      type: "reasoning",
      id: "rs_1",
      ...(summary.length === 0 ? {} : { summary }),
      signature: { origin: "openai-responses", value },
    }),
  ),
  "anthropic-messages": fc.oneof(
    fc.tuple(text, signature).map(
      ([shown, value]): ReasoningPart => ({
        type: "reasoning",
        text: shown,
        signature: { origin: "anthropic-messages", value },
      }),
    ),
    fc.tuple(signature).map(
      ([value]): ReasoningPart => ({
        type: "reasoning",
        signature: { origin: "anthropic-messages", value },
        redacted: true,
      }),
    ),
  ),
};

/** OpenRouter takes signed reasoning back in this dialect; OpenAI has none. */
const target: RequestTarget = { quirks: { reasoningField: "reasoning" }, maxOutputTokens: 10 };

describe("a vendor gets its own reasoning back", () => {
  const journeys = dialects.flatMap((origin) =>
    dialects.flatMap((client) => [
      { name: `${origin.id} through ${client.id}, whole`, origin, client, streamed: false },
      { name: `${origin.id} through ${client.id}, streamed`, origin, client, streamed: true },
    ]),
  );
  test.each(journeys)("$name", ({ origin, client, streamed }) => {
    fc.assert(
      fc.property(reasoningBy[origin.id], (reasoning) => {
        const answer: ChatResponse = {
          id: "answer_1",
          model: "some-model",
          choices: [
            { index: 0, parts: [reasoning, { type: "text", text: "hi" }], finish: { reason: "stop" } },
          ],
        };
        // A streaming client puts the answer together from the frames.
        const received = streamed
          ? collect(decodeFrames(client, encodeEvents(client, replay(answer)).frames))
          : answer;
        const { body } = client.response.encode(received, answerContext);
        const next = client.request.decode(overTheWire(echoed(client, overTheWire(body))));
        expect(reasoningOf(next)).toStrictEqual([reasoning]);
        const sent = origin.request.decode(overTheWire(origin.request.encode(next, target).body));
        expect(reasoningOf(sent)).toStrictEqual([reasoning]);
      }),
      { numRuns: 30 },
    );
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import type { ChatDialectId } from "../../src/core/extra.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ReasoningPart } from "../../src/core/part.ts";
import { replay } from "../../src/core/replay.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { disorder } from "./event-order.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

const decode = (...frames: JsonObject[]): ChatEvent[] =>
  decodeFrames(
    openaiResponses,
    frames.map((frame) => ({ data: JSON.stringify(frame) })),
  );

const created = { type: "response.created", response: { id: "resp_1", model: "m", status: "in_progress" } };
const completed = {
  type: "response.completed",
  response: { id: "resp_1", model: "m", status: "completed", output: [] },
};
const textDelta = (place: number, delta: string) => ({
  type: "response.output_text.delta",
  output_index: place,
  content_index: 0,
  delta,
});

describe("a vendor's stream", () => {
  test("that streams nothing but the whole answer is understood", () => {
    const output = [
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "hi" }] },
      { type: "function_call", call_id: "c", name: "f", arguments: { a: 1 } },
    ];
    const events = decode(created, { ...completed, response: { ...completed.response, output } });
    expect(disorder(events)).toBeUndefined();
    expect(collect(events).choices[0]).toMatchObject({
      parts: [
        { type: "text", text: "hi" },
        { type: "tool_call", id: "c", arguments: '{"a":1}' },
      ],
      finish: { reason: "tool_calls" },
    });
  });

  test("that names no start and announces no items is understood", () => {
    const events = decode(textDelta(0, "a"), textDelta(0, "b"), completed);
    expect(disorder(events)).toBeUndefined();
    expect(collect(events).choices[0]?.parts).toEqual([{ type: "text", text: "ab" }]);
  });

  test("with calls that overlap gives them one after the other", () => {
    const added = (place: number) => ({
      type: "response.output_item.added",
      output_index: place,
      item: { type: "function_call", call_id: `call_${place}`, name: "f", arguments: "" },
    });
    const grown = (place: number, delta: string) => ({
      type: "response.function_call_arguments.delta",
      output_index: place,
      delta,
    });
    const done = (place: number, text: string) => ({
      type: "response.output_item.done",
      output_index: place,
      item: { type: "function_call", call_id: `call_${place}`, name: "f", arguments: text },
    });
    const events = decode(
      created,
      added(0),
      added(1),
      grown(1, "[1"),
      grown(0, "[0"),
      grown(1, "]"),
      done(1, "[1]"),
      grown(0, "]"),
      done(0, "[0]"),
      completed,
    );
    expect(disorder(events)).toBeUndefined();
    expect(collect(events).choices[0]?.parts).toMatchObject([{ arguments: "[0]" }, { arguments: "[1]" }]);
  });

  test("brings whole text that no delta brought", () => {
    const item = {
      type: "message",
      content: [{ type: "output_text", text: "late", annotations: [{ type: "url_citation", url: "u" }] }],
    };
    const events = decode(
      created,
      { type: "response.output_item.added", output_index: 0, item: { type: "message", content: [] } },
      { type: "response.output_item.done", output_index: 0, item },
      completed,
    );
    expect(collect(events).choices[0]?.parts).toEqual([
      { type: "text", text: "late", citations: [{ kind: "url", url: "u" }] },
    ]);
  });

  test.each<[JsonObject, string]>([
    [{ type: "error", code: "rate_limit_exceeded", message: "slow", param: null }, "provider_rate_limited"],
    [{ type: "error", error: { type: "server_error", message: "oops" } }, "provider_unavailable"],
    [
      { type: "response.failed", response: { error: { code: "server_error", message: "oops" } } },
      "provider_unavailable",
    ],
    [{ type: "response.failed", response: {} }, "provider_unavailable"],
    [{ type: "error", code: "context_length_exceeded", message: "too long" }, "context_length"],
  ])("that fails says why: %j", (frame, code) => {
    const events = decode(created, frame, textDelta(0, "never"));
    expect(events.at(-1)).toMatchObject({ type: "error", failure: { code } });
    expect(events).toHaveLength(2);
  });

  test("that ends before it is complete is broken", () => {
    expect(decode(created, textDelta(0, "a")).at(-1)).toMatchObject({
      type: "error",
      failure: { code: "provider_stream_broken" },
    });
  });

  test("nested without end is only an error", () => {
    const depth = 200_000;
    const deep = "[".repeat(depth) + "]".repeat(depth);
    const item = `{"type":"function_call","name":"f","call_id":"c","arguments":${deep}}`;
    const frame = `{"type":"response.output_item.done","output_index":0,"item":${item}}`;
    const events = decodeFrames(openaiResponses, [{ data: frame }]);
    expect(events.at(-1)?.type).toBe("error");
  });

  test("is silent while it is kept alive", () => {
    expect(decode(created, { type: "keepalive", sequence_number: 1 }, completed)).toHaveLength(3);
  });
});

describe("reasoning of every origin comes back from a client", () => {
  const origin = fc.constantFrom<ChatDialectId>("openai-chat", "openai-responses", "anthropic-messages");
  const word = fc.string({ minLength: 1, maxLength: 8 });
  const reasoning: fc.Arbitrary<ReasoningPart> = fc
    .record(
      {
        id: word.map((text) => `rs_${text}`),
        text: word,
        summary: fc.array(word, { minLength: 1, maxLength: 2 }),
        signature: fc.record({ origin, value: word }, { noNullPrototype: true }),
        redacted: fc.constant(true),
      },
      { requiredKeys: [], noNullPrototype: true },
    )
    .map((fields): ReasoningPart => ({ type: "reasoning", ...fields }));
  const answer = (part: ReasoningPart): ChatResponse => ({
    id: "x",
    model: "m",
    choices: [{ index: 0, parts: [part, { type: "text", text: "so" }], finish: { reason: "stop" } }],
  });
  const echoed = (output: unknown): unknown =>
    openaiResponses.request.decode({ model: "m", input: output as JsonObject[] }).messages[0]?.parts[0];

  test("of a whole answer", () => {
    fc.assert(
      fc.property(reasoning, (part) => {
        const { body } = openaiResponses.response.encode(answer(part), answerContext);
        expect(echoed(body["output"])).toStrictEqual(part);
      }),
    );
  });

  test("of a stream, under the id that it began with", () => {
    fc.assert(
      fc.property(reasoning, fc.option(word, { nil: undefined }), (part, renamed) => {
        const events = [...replay(answer(part))].map((event): ChatEvent => {
          if (renamed === undefined || event.type !== "part_end" || event.index !== 0) return event;
          return { ...event, part: { ...part, id: renamed } };
        });
        const frames = encodeEvents(openaiResponses, events).frames.map(
          ({ data }) => JSON.parse(data) as { type: string; item?: JsonObject; response?: JsonObject },
        );
        const [added] = frames.filter(({ type }) => type === "response.output_item.added");
        const [done] = frames.filter(({ type }) => type === "response.output_item.done");
        expect(done?.item?.["id"]).toBe(added?.item?.["id"]);
        const expected = renamed === undefined ? part : { ...part, id: renamed };
        expect(echoed(frames.at(-1)?.response?.["output"])).toStrictEqual(expected);
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { disorder } from "./event-order.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

function chunk(delta: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    id: "c1",
    object: "chat.completion.chunk",
    created: 5,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  };
}

const finished = (reason: string): JsonObject => chunk({}, { finish_reason: reason });

function streamed(...chunks: readonly Json[]): ChatEvent[] {
  return decodeFrames(openaiChat, [
    ...chunks.map((data) => ({ data: JSON.stringify(data) })),
    { data: "[DONE]" },
  ]);
}

function partsOf(events: readonly ChatEvent[]) {
  expect(disorder(events)).toBeUndefined();
  expect(events.at(-1)?.type).toBe("end");
  return collect(events).choices[0]?.parts;
}

const call = (id: string, args: string) => ({ type: "tool_call", id, name: "f", arguments: args });

describe("streams of compatible vendors", () => {
  test("Groq's usage in x_groq is found", () => {
    const events = streamed(chunk({ content: "hi" }), {
      ...finished("stop"),
      x_groq: { id: "r", usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } },
    });
    expect(collect(events).usage).toStrictEqual({ inputTokens: 3, outputTokens: 1 });
  });

  test("usage beside the finish reason is found", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
    const events = streamed(chunk({ content: "hi" }), { ...finished("stop"), usage });
    expect(collect(events).usage).toStrictEqual({ inputTokens: 3, outputTokens: 1 });
  });

  test("Azure's first chunk starts nothing, and its findings are kept", () => {
    const findings = [{ prompt_index: 0, content_filter_results: { hate: { filtered: false } } }];
    const events = streamed(
      { id: "", object: "", created: 0, model: "", choices: [], prompt_filter_results: findings },
      chunk({ content: "hi" }, { content_filter_results: { hate: { filtered: false } } }),
      finished("stop"),
    );
    expect(events[0]).toStrictEqual({
      type: "start",
      id: "c1",
      model: "m",
      created: 5,
      extra: { dialect: "openai-chat", fields: { prompt_filter_results: findings } },
    });
  });

  test("Azure's filter findings after the finish reason belong to the choice", () => {
    const results = { content_filter_results: { hate: { filtered: true } } };
    const events = streamed(chunk({ content: "hi" }), finished("stop"), chunk({}, results));
    expect(collect(events).choices[0]).toMatchObject({
      finish: { reason: "stop" },
      extra: { fields: results },
    });
  });

  test("calls that all say index 0 are told apart by their ids", () => {
    const one = (id: string) => ({
      index: 0,
      id,
      type: "function",
      function: { name: "f", arguments: "{}" },
    });
    const events = streamed(
      chunk({ tool_calls: [one("a")] }),
      chunk({ tool_calls: [one("b")] }),
      finished("tool_calls"),
    );
    expect(partsOf(events)).toStrictEqual([call("a", "{}"), call("b", "{}")]);
  });

  test("a call without id, type or index, its arguments an object, is still a call", () => {
    const events = streamed(
      chunk({ tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }] }),
      finished("tool_calls"),
    );
    expect(partsOf(events)).toStrictEqual([call("call_0", '{"a":1}')]);
  });

  test("a call that repeats id and name in each piece is one call", () => {
    const piece = (args: string) => ({
      tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: args } }],
    });
    const events = streamed(chunk(piece('{"a"')), chunk(piece(":1}")), finished("tool_calls"));
    expect(partsOf(events)).toStrictEqual([call("a", '{"a":1}')]);
  });

  test("the legacy function_call is a tool call", () => {
    const events = streamed(
      chunk({ function_call: { name: "f", arguments: "" } }),
      chunk({ function_call: { arguments: "{}" } }),
      finished("function_call"),
    );
    expect(partsOf(events)).toStrictEqual([call("call_0", "{}")]);
    expect(collect(events).choices[0]?.finish).toStrictEqual({ reason: "tool_calls" });
  });

  test("pieces of a call that has ended break the stream", () => {
    const piece = (index: number, args: string) =>
      chunk({ tool_calls: [{ index, id: `c${index}`, function: { name: "f", arguments: args } }] });
    const events = streamed(piece(0, "{"), piece(1, "{}"), piece(0, "}"));
    expect(disorder(events)).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: "error", failure: { code: "provider_bad_answer" } });
  });

  test.each(["reasoning_content", "reasoning"])("the chain of thought in %s is reasoning", (field) => {
    const events = streamed(
      chunk({ [field]: "because" }),
      chunk({ [field]: " so" }),
      chunk({ content: "hi" }),
      finished("stop"),
    );
    expect(partsOf(events)).toStrictEqual([
      { type: "reasoning", text: "because so" },
      { type: "text", text: "hi" },
    ]);
  });

  test("OpenRouter's details repeat the text and sign it", () => {
    const detail = (fields: JsonObject) => ({ type: "reasoning.text", index: 0, format: "x-v1", ...fields });
    const events = streamed(
      chunk({ reasoning: "be", reasoning_details: [detail({ text: "be" })] }),
      chunk({ reasoning: "cause", reasoning_details: [detail({ text: "cause" })] }),
      chunk({ reasoning_details: [detail({ signature: "sig" })] }),
      chunk({ content: "hi" }),
      finished("stop"),
    );
    expect(partsOf(events)?.[0]).toStrictEqual({
      type: "reasoning",
      text: "because",
      signature: { origin: "openai-chat", value: "sig" },
      extra: { dialect: "openai-chat", fields: { format: "x-v1" } },
    });
  });

  test("a signature alone belongs to the text in the plain field before it", () => {
    const events = streamed(
      chunk({ reasoning_content: "because" }),
      chunk({ reasoning_details: [{ type: "reasoning.encrypted", data: "sig" }] }),
      finished("stop"),
    );
    expect(partsOf(events)).toStrictEqual([
      { type: "reasoning", text: "because", signature: { origin: "openai-chat", value: "sig" } },
    ]);
  });

  test("Mistral's content array has thinking and text", () => {
    const events = streamed(
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "because" }] }] }),
      chunk({ content: [{ type: "text", text: "hi" }] }),
      finished("stop"),
    );
    expect(partsOf(events)).toStrictEqual([
      { type: "reasoning", text: "because" },
      { type: "text", text: "hi" },
    ]);
  });

  test("audio is put together from its pieces", () => {
    const events = streamed(
      chunk({ audio: { id: "audio_1", transcript: "he" } }),
      chunk({ audio: { id: "audio_1", data: "AAAA" } }),
      chunk({ audio: { data: "BBBB", transcript: "llo", expires_at: 9 } }),
      finished("stop"),
    );
    const audio = { id: "audio_1", transcript: "hello", data: "AAAABBBB", expires_at: 9 };
    expect(partsOf(events)).toStrictEqual([
      { type: "vendor", origin: "openai-chat", value: { type: "audio", audio } },
    ]);
    const again = encodeEvents(openaiChat, events);
    expect(again.losses).toStrictEqual([]);
    expect(collect(decodeFrames(openaiChat, again.frames))).toStrictEqual(collect(events));
  });

  test("an error frame ends the stream, whatever follows", () => {
    const events = streamed(
      chunk({ content: "hi" }),
      { error: { message: "Overloaded", type: "overloaded_error", code: 503 } },
      chunk({ content: "no" }),
    );
    expect(events.at(-1)).toMatchObject({
      type: "error",
      failure: { code: "provider_overloaded", message: "Overloaded" },
    });
  });

  test("a finish reason without [DONE] is a broken stream", () => {
    const events = decodeFrames(openaiChat, [
      { data: JSON.stringify(chunk({ content: "hi" })) },
      { data: JSON.stringify(finished("stop")) },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "error", failure: { code: "provider_stream_broken" } });
  });

  test("a frame that is no chunk is kept for its own language alone", () => {
    const events = streamed({ type: "x_ping" }, chunk({ content: "hi" }), finished("stop"));
    expect(events[0]).toStrictEqual({ type: "vendor", origin: "openai-chat", value: { type: "x_ping" } });
  });

  test("a flood of choices is refused", () => {
    const flood = Array.from({ length: 200 }, (_, index) => ({ index, delta: { content: "x" } }));
    const events = streamed({ ...chunk({}), choices: flood });
    expect(events.at(-1)).toMatchObject({ type: "error", failure: { code: "provider_bad_answer" } });
  });
});

describe("answers of compatible vendors", () => {
  const decode = (message: JsonObject, more: JsonObject = {}): ChatResponse =>
    openaiChat.response.decode({ choices: [{ message, finish_reason: "stop" }], ...more });

  test("reasoning hidden from completion_tokens is counted as output", () => {
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 10,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    expect(decode({ content: "hi" }, { usage }).usage).toStrictEqual({
      inputTokens: 5,
      outputTokens: 110,
      reasoningTokens: 100,
    });
  });

  test("DeepSeek's and Moonshot's cached shares are read", () => {
    const usage = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 };
    expect(
      decode({ content: "" }, { usage: { ...usage, prompt_cache_hit_tokens: 4 } }).usage?.cacheReadTokens,
    ).toBe(4);
    expect(decode({ content: "" }, { usage: { ...usage, cached_tokens: 3 } }).usage?.cacheReadTokens).toBe(3);
  });

  test("an explicit usage of zero stays zero, and none stays unknown", () => {
    const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    expect(decode({ content: "" }, { usage }).usage).toStrictEqual({ inputTokens: 0, outputTokens: 0 });
    expect(decode({ content: "" }).usage).toBeUndefined();
  });

  test("vLLM's stop_reason names the stop sequence", () => {
    const answer = openaiChat.response.decode({
      choices: [{ message: { content: "hi" }, finish_reason: "stop", stop_reason: "\n\n" }],
    });
    expect(answer.choices[0]?.finish).toStrictEqual({ reason: "stop_sequence", stopSequence: "\n\n" });
  });

  test("fields of the message that no one knows come back", () => {
    const message = { role: "assistant", content: "hi", context: { citations: [{ title: "a" }] } };
    const { body, losses } = openaiChat.response.encode(decode(message), answerContext);
    expect(losses).toStrictEqual([]);
    expect(body["choices"]).toMatchObject([{ message: { context: message.context } }]);
  });

  test("only a body with choices is an answer", () => {
    for (const body of [{}, { choices: {} }, { choices: [{}] }, { error: { message: "no" } }]) {
      expect(() => openaiChat.response.decode(body)).toThrow(
        expect.objectContaining({ code: "provider_bad_answer" }),
      );
    }
  });
});

describe("streams to a client", () => {
  const events: ChatEvent[] = [
    { type: "start", id: "a", model: "m" },
    { type: "part_start", choice: 0, index: 0, part: { type: "text", text: "" } },
    { type: "part_delta", choice: 0, index: 0, delta: { kind: "text", text: "hi" } },
    { type: "part_end", choice: 0, index: 0 },
    { type: "finish", choice: 0, finish: { reason: "stop" } },
    { type: "end", usage: { inputTokens: 3, outputTokens: 1 } },
  ];

  test("usage is told only to a client that asked for it", () => {
    const encode = (streamUsage: boolean) => {
      const encoder = openaiChat.stream.encoder({
        ...answerContext,
        request: { ...answerContext.request, streamUsage },
      });
      return events.flatMap((event) => encoder.push(event)).map((frame) => frame.data);
    };
    expect(encode(false).some((data) => data.includes("usage"))).toBe(false);
    expect(encode(true).filter((data) => data.includes('"usage":{'))).toHaveLength(1);
    for (const data of [encode(false), encode(true)]) expect(data.at(-1)).toBe("[DONE]");
  });

  test("each text delta leaves at once", () => {
    const encoder = openaiChat.stream.encoder(answerContext);
    const counts = events.map((event) => encoder.push(event).length);
    expect(counts).toStrictEqual([1, 0, 1, 0, 1, 2]);
  });

  test("a failure ends in an error without [DONE] and without the vendor's sentence", () => {
    const encoder = openaiChat.stream.encoder(answerContext);
    const failure = { code: "provider_overloaded", message: "secret sentence" } as const;
    const frames = [...events.slice(0, 3), { type: "error", failure } as const].flatMap((event) =>
      encoder.push(event),
    );
    expect(JSON.parse(frames.at(-1)?.data ?? "")).toMatchObject({ error: { code: "provider_overloaded" } });
    expect(JSON.stringify(frames)).not.toContain("secret");
  });

  test("what a part says only when it is whole is sent at its end", () => {
    const whole = {
      type: "reasoning",
      text: "because",
      signature: { origin: "openai-chat", value: "sig" },
    } as const;
    const { frames } = encodeEvents(openaiChat, [
      { type: "start", id: "a", model: "m" },
      { type: "part_start", choice: 0, index: 0, part: { type: "reasoning" } },
      { type: "part_delta", choice: 0, index: 0, delta: { kind: "text", text: "be" } },
      { type: "part_end", choice: 0, index: 0, part: whole },
      { type: "finish", choice: 0, finish: { reason: "stop" } },
      { type: "end" },
    ]);
    expect(collect(decodeFrames(openaiChat, frames)).choices[0]?.parts).toStrictEqual([whole]);
  });
});

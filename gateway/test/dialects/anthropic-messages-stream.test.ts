import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { Frame } from "../../src/core/dialect.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Part } from "../../src/core/part.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { sseText } from "../../src/framing/sse-writer.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

const usage = { input_tokens: 17, output_tokens: 1 };
const opening = (id = "msg_1"): JsonObject => ({
  type: "message_start",
  message: { id, type: "message", role: "assistant", model: "claude", content: [], usage },
});
const block = (index: number, content_block: Json): JsonObject => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, value: Json): JsonObject => ({
  type: "content_block_delta",
  index,
  delta: value,
});
const text = (index: number, value: string) => delta(index, { type: "text_delta", text: value });
const stop = (index: number): JsonObject => ({ type: "content_block_stop", index });
const closing: JsonObject[] = [
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 9 },
  },
  { type: "message_stop" },
];

function decode(frames: readonly JsonObject[]): ChatEvent[] {
  return decodeFrames(
    anthropicMessages,
    frames.map((value) => ({ data: JSON.stringify(value) })),
  );
}

function kinds(frames: readonly Frame[]): string[] {
  return frames.map((frame) => {
    const value = JSON.parse(frame.data) as { type: string; index?: number; delta?: { type?: string } };
    return [value.type, value.index, value.delta?.type].filter((word) => word !== undefined).join(" ");
  });
}

/** What Anthropic's own client makes of these frames. */
async function readByOfficialClient(frames: readonly Frame[]) {
  const client = new Anthropic({
    apiKey: "key",
    maxRetries: 0,
    fetch: () =>
      Promise.resolve(
        new Response(frames.map(sseText).join(""), { headers: { "content-type": "text/event-stream" } }),
      ),
  });
  return client.messages
    .stream({ model: "claude", max_tokens: 10, messages: [{ role: "user", content: "hi" }] })
    .finalMessage();
}

describe("an Anthropic stream is understood", () => {
  test("where a proxy repeats message_start", () => {
    const events = decode([
      opening(),
      opening(),
      block(0, { type: "text", text: "" }),
      text(0, "hi"),
      stop(0),
      ...closing,
    ]);
    expect(events.filter((event) => event.type === "start")).toHaveLength(1);
    expect(collect(events)).toMatchObject({ usage: { inputTokens: 17, outputTokens: 9 } });
  });

  test("where a second attempt is spliced on after some text", () => {
    const events = decode([
      opening("msg_1"),
      block(0, { type: "text", text: "" }),
      text(0, "I will"),
      opening("msg_2"),
      block(0, { type: "text", text: "" }),
      text(0, "Let me"),
      stop(0),
      ...closing,
    ]);
    expect(collect(events).choices[0]?.parts).toStrictEqual([
      { type: "text", text: "I will" },
      { type: "text", text: "Let me" },
    ]);
    expect(events.at(-1)?.type).toBe("end");
  });

  test("but not where the splice cuts a tool call short: a client would run it", () => {
    const events = decode([
      opening("msg_1"),
      block(0, { type: "tool_use", id: "toolu_1", name: "pay", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"amount":1' }),
      opening("msg_2"),
      ...closing,
    ]);
    expect(events.at(-1)).toMatchObject({ type: "error", failure: { code: "provider_stream_broken" } });
  });

  test("with the last word on the input, and cached tokens within the total", () => {
    const events = decode([
      opening(),
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 5,
          cache_creation_input_tokens: 2,
          output_tokens: 3,
        },
      },
      { type: "message_stop" },
    ]);
    expect(events.at(-1)).toMatchObject({
      usage: { inputTokens: 17, cacheReadTokens: 5, cacheWriteTokens: 2, outputTokens: 3 },
    });
  });

  test("never counting the output before it is told", () => {
    const [start] = decode([opening()]);
    expect(start).toMatchObject({ type: "start", usage: { inputTokens: 17 } });
    expect(start).not.toHaveProperty("usage.outputTokens");
    expect(anthropicMessages.stream.usage(opening())).toStrictEqual({ inputTokens: 17 });
  });

  test("where blocks are neither started nor stopped", () => {
    const events = decode([
      opening(),
      text(0, "a"),
      text(0, "b"),
      delta(1, { type: "thinking_delta", thinking: "c" }),
      ...closing,
    ]);
    expect(collect(events).choices[0]?.parts).toStrictEqual([
      { type: "text", text: "ab" },
      { type: "reasoning", text: "c" },
    ]);
  });

  test("with a call without arguments as an empty object", () => {
    const events = decode([
      opening(),
      block(0, { type: "tool_use", id: "toolu_1", name: "now", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: "" }),
      stop(0),
      ...closing,
    ]);
    expect(collect(events).choices[0]?.parts[0]).toMatchObject({ arguments: "{}" });
  });

  test("with a server tool's input whole at its end", () => {
    const started = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
    const events = decode([
      opening(),
      block(0, started),
      delta(0, { type: "input_json_delta", partial_json: '{"query":' }),
      delta(0, { type: "input_json_delta", partial_json: '"x"}' }),
      stop(0),
      ...closing,
    ]);
    expect(collect(events).choices[0]?.parts).toStrictEqual([
      { type: "vendor", origin: "anthropic-messages", value: { ...started, input: { query: "x" } } },
    ]);
  });

  test("and its errors are failures, at any point", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    for (const frames of [[error], [opening(), error], [opening(), text(0, "a"), error, ...closing]]) {
      expect(decode(frames).at(-1)).toStrictEqual({
        type: "error",
        failure: { code: "provider_overloaded", message: "Overloaded", vendorType: "overloaded_error" },
      });
    }
  });

  test("and a stream without its end is broken, one that is not JSON bad", () => {
    expect(decode([opening(), text(0, "a")]).at(-1)).toMatchObject({
      failure: { code: "provider_stream_broken" },
    });
    const [event] = anthropicMessages.stream.decoder().push({ data: "<html>" });
    expect(event).toMatchObject({ type: "error", failure: { code: "provider_bad_answer" } });
  });
});

const started = (index: number, part: Part): ChatEvent => ({ type: "part_start", choice: 0, index, part });
const ended = (index: number): ChatEvent => ({ type: "part_end", choice: 0, index });
const grown = (index: number, kind: "text" | "arguments", piece: string): ChatEvent => ({
  type: "part_delta",
  choice: 0,
  index,
  delta: { kind, text: piece },
});
const begin: ChatEvent = { type: "start", id: "chatcmpl-1", model: "gpt" };
const end: ChatEvent[] = [
  { type: "finish", choice: 0, finish: { reason: "tool_calls" } },
  { type: "end", usage: { inputTokens: 30, cacheReadTokens: 10, outputTokens: 8, reasoningTokens: 4 } },
];

describe("an Anthropic client is told", () => {
  test("another vendor's answer, so that the official client reads it", async () => {
    const { frames, losses } = encodeEvents(anthropicMessages, [
      begin,
      started(0, { type: "reasoning", id: "rs_1" }),
      { type: "part_delta", choice: 0, index: 0, delta: { kind: "summary", index: 0, text: "First." } },
      { type: "part_delta", choice: 0, index: 0, delta: { kind: "summary", index: 1, text: "Second." } },
      {
        type: "part_delta",
        choice: 0,
        index: 0,
        delta: { kind: "signature", signature: { origin: "openai-responses", value: "cipher" } },
      },
      ended(0),
      started(1, { type: "text", text: "" }),
      grown(1, "text", "Let me "),
      grown(1, "text", "look."),
      ended(1),
      started(2, { type: "tool_call", id: "call_1", name: "look", arguments: "" }),
      grown(2, "arguments", '{"city":'),
      grown(2, "arguments", '"Paris"}'),
      ended(2),
      ...end,
    ]);
    expect(losses).toStrictEqual([]);
    const message = await readByOfficialClient(frames);
    expect(message.stop_reason).toBe("tool_use");
    expect(message.usage).toMatchObject({
      input_tokens: 20,
      cache_read_input_tokens: 10,
      output_tokens: 8,
      output_tokens_details: { thinking_tokens: 4 },
    });
    expect(message.content).toMatchObject([
      { type: "thinking", thinking: "First.\n\nSecond." },
      { type: "text", text: "Let me look." },
      { type: "tool_use", id: "call_1", name: "look", input: { city: "Paris" } },
    ]);
    const echoed = anthropicMessages.request.decode({
      model: "m",
      max_tokens: 1,
      messages: [{ role: "assistant", content: JSON.parse(JSON.stringify(message.content)) as Json }],
    });
    expect(echoed.messages[0]?.parts[0]).toStrictEqual({
      type: "reasoning",
      id: "rs_1",
      summary: ["First.", "Second."],
      signature: { origin: "openai-responses", value: "cipher" },
    });
  });

  test("one block at a time, where parts overlap", async () => {
    const { frames } = encodeEvents(anthropicMessages, [
      begin,
      started(0, { type: "tool_call", id: "a", name: "one", arguments: "" }),
      started(1, { type: "tool_call", id: "b", name: "two", arguments: "" }),
      grown(1, "arguments", '{"b":'),
      grown(0, "arguments", '{"a":1}'),
      grown(1, "arguments", "2}"),
      ended(0),
      ended(1),
      ...end,
    ]);
    expect(kinds(frames)).toStrictEqual([
      "message_start",
      "content_block_start 0",
      "content_block_delta 0 input_json_delta",
      "content_block_stop 0",
      "content_block_start 1",
      "content_block_delta 1 input_json_delta",
      "content_block_delta 1 input_json_delta",
      "content_block_stop 1",
      "message_delta",
      "message_stop",
    ]);
    const { content } = await readByOfficialClient(frames);
    expect(content).toMatchObject([{ input: { a: 1 } }, { input: { b: 2 } }]);
  });

  test("no block for a part that says nothing, and no gap in the numbers", () => {
    const { frames, losses } = encodeEvents(anthropicMessages, [
      begin,
      started(0, { type: "text", text: "" }),
      ended(0),
      started(1, { type: "tool_call", id: "a", name: "one", arguments: "" }),
      ended(1),
      ...end,
    ]);
    expect(kinds(frames)).toContain("content_block_start 0");
    expect(kinds(frames)).not.toContain("content_block_start 1");
    expect(losses).toStrictEqual(["choices[0].parts[0]"]);
  });

  test("what a provider tells only at the end of a part", () => {
    const whole: Part = {
      type: "reasoning",
      id: "rs_1",
      text: "hm",
      signature: { origin: "openai-responses", value: "c" },
    };
    const events: ChatEvent[] = [
      begin,
      started(0, { type: "reasoning" }),
      { type: "part_end", choice: 0, index: 0, part: whole },
      started(1, { type: "text", text: "" }),
      { type: "part_end", choice: 0, index: 1, part: { type: "text", text: "hello" } },
      started(2, { type: "tool_call", id: "a", name: "one", arguments: "" }),
      {
        type: "part_end",
        choice: 0,
        index: 2,
        part: { type: "tool_call", id: "a", name: "one", arguments: '{"x":1}' },
      },
      ...end,
    ];
    const { frames } = encodeEvents(anthropicMessages, events);
    expect(collect(decodeFrames(anthropicMessages, frames))).toStrictEqual(collect(events));
  });

  test("a refusal as text, and why it stopped", () => {
    const { frames, losses } = encodeEvents(anthropicMessages, [
      begin,
      started(0, { type: "refusal", text: "" }),
      grown(0, "text", "I cannot."),
      ended(0),
      { type: "finish", choice: 0, finish: { reason: "stop" } },
      { type: "end" },
    ]);
    expect(collect(decodeFrames(anthropicMessages, frames)).choices).toStrictEqual([
      { index: 0, parts: [{ type: "text", text: "I cannot." }], finish: { reason: "refusal" } },
    ]);
    expect(losses).toStrictEqual(["choices[0].parts[0].type"]);
  });

  test("free text for a custom tool inside an object, escaped piece by piece", async () => {
    const { frames, losses } = encodeEvents(anthropicMessages, [
      begin,
      started(0, { type: "tool_call", id: "a", name: "run", arguments: "", custom: true }),
      grown(0, "arguments", 'print("'),
      grown(0, "arguments", '\u{1F600}")\n'),
      ended(0),
      ...end,
    ]);
    const { content } = await readByOfficialClient(frames);
    expect(content).toMatchObject([{ input: { input: 'print("\u{1F600}")\n' } }]);
    expect(losses).toStrictEqual(["choices[0].parts[0].custom"]);
  });

  test("numbers for unknown usage, which are unknown again when read", () => {
    const { frames } = encodeEvents(anthropicMessages, [
      begin,
      { type: "finish", choice: 0, finish: { reason: "stop" } },
      { type: "end" },
    ]);
    const start = JSON.parse(frames[0]?.data ?? "{}") as { message: { usage: JsonObject } };
    expect(start.message.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
    expect(collect(decodeFrames(anthropicMessages, frames))).not.toHaveProperty("usage");
  });

  test("a zero that was reported, which stays one", () => {
    const zero: ChatEvent[] = [
      begin,
      { type: "finish", choice: 0, finish: { reason: "stop" } },
      { type: "end", usage: { inputTokens: 0, outputTokens: 0 } },
    ];
    const { frames } = encodeEvents(anthropicMessages, zero);
    expect(collect(decodeFrames(anthropicMessages, frames)).usage).toStrictEqual({
      inputTokens: 0,
      outputTokens: 0,
    });
    const reported = { type: "message_delta", usage: { input_tokens: 0, output_tokens: 0 } };
    expect(anthropicMessages.stream.usage(reported)).toStrictEqual({ inputTokens: 0, outputTokens: 0 });
  });

  test("nothing after an error: no clean end", () => {
    const { frames } = encodeEvents(anthropicMessages, [
      begin,
      started(0, { type: "text", text: "" }),
      grown(0, "text", "a"),
      { type: "error", failure: { code: "provider_overloaded", message: "secret" } },
    ]);
    expect(kinds(frames)).toStrictEqual([
      "message_start",
      "content_block_start 0",
      "content_block_delta 0 text_delta",
    ]);
  });

  test("other choices as losses", () => {
    const { losses } = encodeEvents(anthropicMessages, [
      begin,
      { type: "part_start", choice: 1, index: 0, part: { type: "text", text: "" } },
      { type: "finish", choice: 1, finish: { reason: "stop" } },
      ...end,
    ]);
    expect(losses).toStrictEqual(["choices[1]"]);
  });
});

test("a message id is made up where the provider gave none", () => {
  const [frame] = anthropicMessages.stream.encoder(answerContext).push({ type: "start", id: "", model: "m" });
  expect(frame?.data).toContain(`"msg_${answerContext.token}"`);
});

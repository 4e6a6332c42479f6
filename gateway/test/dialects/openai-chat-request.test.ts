import { describe, expect, test } from "vitest";
import type { Quirks } from "../../src/core/dialect.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { ChatRequest, Message } from "../../src/core/request.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";

const hello = { role: "user", content: "hello" };

function decode(fields: JsonObject): ChatRequest {
  return openaiChat.request.decode({ model: "m", messages: [hello], ...fields });
}

function messagesOf(...messages: Json[]): readonly Message[] {
  return decode({ messages }).messages;
}

function encode(request: Partial<ChatRequest>, quirks: Quirks = {}) {
  const messages: readonly Message[] = [{ role: "user", parts: [{ type: "text", text: "hello" }] }];
  return openaiChat.request.encode({ model: "m", messages, stream: false, ...request }, { quirks });
}

describe("a client's request", () => {
  test.each([
    [{ model: 5 }, "model"],
    [{ messages: [] }, "messages"],
    [{ messages: ["x"] }, "messages[0]"],
    [{ messages: [{ role: "oracle", content: "x" }] }, "messages[0].role"],
    [{ messages: [{ role: "user" }] }, "messages[0].content"],
    [{ messages: [hello, { role: "user", content: 5 }] }, "messages[1].content"],
    [{ messages: [{ role: "user", content: [{ type: "text", text: 5 }] }] }, "messages[0].content[0].text"],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] },
      "messages[0].content[0].image_url.url",
    ],
    [
      { messages: [{ role: "system", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
      "messages[0].content[0].type",
    ],
    [
      {
        messages: [{ role: "assistant", tool_calls: [{ id: "a", function: { name: "f", arguments: {} } }] }],
      },
      "messages[0].tool_calls[0].function.arguments",
    ],
    [{ messages: [{ role: "tool", content: "x" }] }, "messages[0].tool_call_id"],
    [{ temperature: "hot" }, "temperature"],
    [{ max_tokens: 1.5 }, "max_tokens"],
    [{ stream: "yes" }, "stream"],
    [{ stop: [1] }, "stop[0]"],
    [{ tools: [{ type: "function", function: {} }] }, "tools[0].function.name"],
    [{ tool_choice: "maybe" }, "tool_choice"],
    [{ metadata: { a: 1 } }, "metadata"],
    [{ response_format: { type: "yaml" } }, "response_format.type"],
    [{ reasoning_effort: "huge" }, "reasoning_effort"],
  ] as [JsonObject, string][])("%j is refused at %s", (fields, param) => {
    expect(() => decode(fields)).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });

  test("null is absent", () => {
    expect(decode({ temperature: null, stop: null, tools: null, stream: null, unknown: null })).toStrictEqual(
      {
        model: "m",
        messages: [{ role: "user", parts: [{ type: "text", text: "hello" }] }],
        stream: false,
      },
    );
  });

  test("both names of the output limit are one, the newer first", () => {
    expect(decode({ max_tokens: 5 }).maxOutputTokens).toBe(5);
    expect(decode({ max_tokens: 5, max_completion_tokens: 6 })).toMatchObject({ maxOutputTokens: 6 });
    expect(openaiChat.request.peek({ model: "m", max_tokens: 5 }).maxOutputTokens).toBe(5);
  });

  test("either name of the end user is read, and neither is dropped where both are given", () => {
    expect(decode({ safety_identifier: "a" }).user).toBe("a");
    const both = decode({ user: "a", safety_identifier: "b" });
    expect(both).toMatchObject({ user: "a", extra: { fields: { safety_identifier: "b" } } });
  });

  test("one stop sequence is a list of one", () => {
    expect(decode({ stop: "\n" }).stop).toStrictEqual(["\n"]);
  });

  test("results that answer one turn are one message", () => {
    const calls = ["a", "b"].map((id) => ({
      id,
      type: "function",
      function: { name: "f", arguments: "{}" },
    }));
    const result = (id: string) => ({ role: "tool", tool_call_id: id, content: id });
    const messages = messagesOf(
      hello,
      { role: "assistant", content: null, tool_calls: calls },
      result("a"),
      result("b"),
    );
    expect(messages.map((message) => message.role)).toStrictEqual(["user", "assistant", "tool"]);
    expect(messages[2]?.parts).toMatchObject([{ id: "a" }, { id: "b" }]);
  });

  test("a legacy function call and its result find each other", () => {
    const messages = messagesOf(
      hello,
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "42" },
    );
    expect(messages[1]?.parts).toStrictEqual([
      { type: "tool_call", id: "call_1", name: "f", arguments: "{}" },
    ]);
    expect(messages[2]?.parts).toStrictEqual([
      { type: "tool_result", id: "call_1", content: [{ type: "text", text: "42" }] },
    ]);
  });

  test("an assistant's message without content is an empty text", () => {
    expect(messagesOf(hello, { role: "assistant", content: null })[1]?.parts).toStrictEqual([
      { type: "text", text: "" },
    ]);
  });

  test("cache_control marks the cache, and cannot be said to a provider", () => {
    const content = [{ type: "text", text: "long", cache_control: { type: "ephemeral", ttl: "1h" } }];
    const request = decode({ messages: [{ role: "system", content }, hello] });
    expect(request.messages[0]?.parts[0]).toStrictEqual({ type: "text", text: "long", cache: { ttl: "1h" } });
    const { body, losses } = openaiChat.request.encode(request, { quirks: {} });
    expect(losses).toStrictEqual(["messages[0].parts[0].cache"]);
    expect(JSON.stringify(body)).not.toContain("cache_control");
  });

  test("allowed_tools and fields without a neutral word come back", () => {
    const fields = {
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [] } },
      web_search_options: { search_context_size: "low" },
      prediction: { type: "content", content: "x" },
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
    };
    const { body, losses } = openaiChat.request.encode(decode(fields), { quirks: {} });
    expect(losses).toStrictEqual([]);
    expect(body).toMatchObject(fields);
  });

  test("deep nesting does no harm", () => {
    const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`) as Json;
    const request = decode({ deep, tools: [{ type: "x", deep }] });
    expect(openaiChat.request.encode(request, { quirks: {} }).body["deep"]).toBe(deep);
  });

  test("a peek tells the features asked for", () => {
    const content = [
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
      { type: "file", file: { file_id: "file-1" } },
    ];
    const { features } = openaiChat.request.peek({
      model: "m",
      messages: [{ role: "user", content }],
      tools: [{ type: "function", function: { name: "f" } }, { type: "web_search" }],
      response_format: { type: "json_schema", json_schema: { name: "a" } },
      reasoning_effort: "low",
      logprobs: true,
    });
    expect([...features].sort()).toStrictEqual(
      ["audio", "file", "image", "json_schema", "logprobs", "reasoning", "tools", "vendor_tools"].sort(),
    );
    expect(
      openaiChat.request.peek({ model: "m", messages: [hello], reasoning_effort: "none" }).features,
    ).toEqual([]);
  });
});

describe("a request to a vendor with quirks", () => {
  test("the output limit has the vendor's name", () => {
    expect(encode({ maxOutputTokens: 5 }).body["max_completion_tokens"]).toBe(5);
    expect(encode({ maxOutputTokens: 5 }, { maxTokensField: "max_tokens" }).body).toMatchObject({
      max_tokens: 5,
    });
  });

  test("a stream is asked for usage unless the vendor rejects that", () => {
    expect(encode({ stream: true }).body["stream_options"]).toStrictEqual({ include_usage: true });
    const { body, losses } = encode({ stream: true, streamUsage: true }, { streamOptions: false });
    expect(body).not.toHaveProperty("stream_options");
    expect(losses).toStrictEqual(["streamUsage"]);
  });

  test("a developer is a system where the vendor knows no developers", () => {
    const messages: Message[] = [{ role: "developer", parts: [{ type: "text", text: "be brief" }] }];
    expect(encode({ messages }).body["messages"]).toStrictEqual([{ role: "developer", content: "be brief" }]);
    const { body, losses } = encode({ messages }, { developerRole: false });
    expect(body["messages"]).toStrictEqual([{ role: "system", content: "be brief" }]);
    expect(losses).toStrictEqual(["messages[0].role"]);
  });

  test("a schema is any object where the vendor knows no schemas", () => {
    const responseFormat = { type: "json_schema", name: "a", schema: { type: "object" } } as const;
    const { body, losses } = encode({ responseFormat }, { jsonSchema: false });
    expect(body["response_format"]).toStrictEqual({ type: "json_object" });
    expect(losses).toStrictEqual(["responseFormat.schema"]);
  });

  test("reasoning goes back only to a vendor of its own kind", () => {
    const own = { type: "reasoning", text: "because" } as const;
    const foreign = {
      type: "reasoning",
      text: "elsewhere",
      signature: { origin: "anthropic-messages", value: "sig" },
    } as const;
    const answer: Message = { role: "assistant", parts: [own, foreign, { type: "text", text: "hi" }] };
    const said = (quirks: Quirks) => encode({ messages: [answer] }, quirks);
    expect(said({}).body["messages"]).toStrictEqual([{ role: "assistant", content: "hi" }]);
    expect(said({}).losses).toStrictEqual(["messages[0].parts[0]", "messages[0].parts[1]"]);
    const shown = said({ reasoningField: "reasoning_content" });
    expect(shown.body["messages"]).toStrictEqual([
      { role: "assistant", content: "hi", reasoning_content: "because" },
    ]);
    expect(shown.losses).toStrictEqual(["messages[0].parts[1]"]);
  });

  test("images of a tool result follow it, where the model can see them", () => {
    const image = { type: "image", source: { kind: "url", url: "https://example.com/a.png" } } as const;
    const messages: Message[] = [
      { role: "assistant", parts: [{ type: "tool_call", id: "a", name: "f", arguments: "{}" }] },
      {
        role: "tool",
        parts: [{ type: "tool_result", id: "a", content: [{ type: "text", text: "see" }, image] }],
      },
    ];
    const { body, losses } = encode({ messages });
    expect(body["messages"]).toMatchObject([
      { role: "assistant", content: null },
      { role: "tool", tool_call_id: "a", content: "see" },
      { role: "user", content: [{ type: "text" }, { type: "image_url" }] },
    ]);
    expect(losses).toStrictEqual(["messages[1].parts[0].content[1]"]);
  });

  test("another vendor's tool is refused by name", () => {
    const value = { type: "web_search_20250305", name: "web_search" };
    const tools = [{ type: "vendor", origin: "anthropic-messages", value }] as const;
    expect(() => encode({ tools })).toThrow(
      expect.objectContaining({
        code: "vendor_only",
        detail: expect.stringContaining("web_search_20250305"),
      }),
    );
  });

  test("a budget for thinking becomes an effort", () => {
    expect(encode({ reasoning: { mode: "enabled", budgetTokens: 4096 } })).toMatchObject({
      body: { reasoning_effort: "medium" },
      losses: ["reasoning.mode", "reasoning.budgetTokens"],
    });
  });

  test("no thinking is said only to a vendor that shows it: others refuse the word", () => {
    const effort = (quirks: Quirks) =>
      encode({ reasoning: { mode: "disabled" } }, quirks).body["reasoning_effort"];
    expect(effort({})).toBeUndefined();
    expect(effort({ reasoningField: "reasoning" })).toBe("none");
  });
});

describe("metering of a stream that is passed through", () => {
  const meteringFields = (body: JsonObject) => openaiChat.request.meteringFields(body, {});

  test("usage is asked for unless the client did", () => {
    expect(meteringFields({ stream: true, stream_options: { include_obfuscation: false } })).toStrictEqual({
      stream_options: { include_obfuscation: false, include_usage: true },
    });
    expect(meteringFields({ stream: true, stream_options: { include_usage: true } })).toStrictEqual({});
    expect(meteringFields({ stream: false })).toStrictEqual({});
  });

  test("only the usage chunk is a metering frame", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const is = (data: JsonObject) => openaiChat.stream.isMeteringFrame(data);
    expect(is({ choices: [], usage })).toBe(true);
    expect(is({ choices: [], prompt_filter_results: [] })).toBe(false);
    expect(is({ choices: [{ delta: {} }], usage })).toBe(false);
  });
});

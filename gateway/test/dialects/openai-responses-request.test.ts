import { describe, expect, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";

const target = { quirks: {} };
const decode = (body: JsonObject): ChatRequest => openaiResponses.request.decode({ model: "m", ...body });
const encode = (request: Partial<ChatRequest>): JsonObject =>
  openaiResponses.request.encode({ model: "m", messages: [], stream: false, ...request }, target).body;

describe("a client's request", () => {
  test("says instructions as the first message and text as the user's", () => {
    expect(decode({ instructions: "be kind", input: "hi" }).messages).toEqual([
      { role: "system", parts: [{ type: "text", text: "be kind" }] },
      { role: "user", parts: [{ type: "text", text: "hi" }] },
    ]);
  });

  test("is grouped into turns: an assistant's items in one, results in the next", () => {
    const { messages } = decode({
      input: [
        { role: "user", content: "weather?" },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" },
        {
          type: "message",
          id: "msg_1",
          role: "assistant",
          status: "completed",
          phase: "commentary",
          content: [{ type: "output_text", text: "looking", annotations: [] }],
        },
        { type: "function_call", id: "fc_1", call_id: "call_1", name: "w", arguments: "{}" },
        { type: "web_search_call", id: "ws_1", status: "completed" },
        { type: "function_call_output", call_id: "call_1", output: "sun" },
        { type: "custom_tool_call_output", call_id: "call_2", output: [{ type: "input_text", text: "ok" }] },
        { role: "developer", content: [{ type: "input_text", text: "short" }] },
      ],
    });
    const phase = { dialect: "openai-responses", fields: { "message.phase": "commentary" } };
    expect(messages).toEqual([
      { role: "user", parts: [{ type: "text", text: "weather?" }] },
      {
        role: "assistant",
        parts: [
          { type: "reasoning", id: "rs_1", signature: { origin: "openai-responses", value: "gAAA" } },
          { type: "text", text: "looking", extra: phase },
          { type: "tool_call", id: "call_1", name: "w", arguments: "{}" },
          {
            type: "vendor",
            origin: "openai-responses",
            value: { type: "web_search_call", id: "ws_1", status: "completed" },
          },
        ],
      },
      {
        role: "tool",
        parts: [
          { type: "tool_result", id: "call_1", content: [{ type: "text", text: "sun" }] },
          { type: "tool_result", id: "call_2", content: [{ type: "text", text: "ok" }], custom: true },
        ],
      },
      { role: "developer", parts: [{ type: "text", text: "short" }] },
    ]);
  });

  test("keeps what has no word here beside what has", () => {
    const request = decode({
      input: "x",
      truncation: "auto",
      include: ["reasoning.encrypted_content", "file_search_call.results"],
      reasoning: { effort: "low", context: "auto" },
      text: { verbosity: "low", future: 1 },
      safety_identifier: "u",
    });
    expect(request).toMatchObject({
      reasoning: { effort: "low", encrypted: true },
      verbosity: "low",
      user: "u",
      extra: {
        dialect: "openai-responses",
        fields: {
          truncation: "auto",
          include: ["file_search_call.results"],
          reasoning: { context: "auto" },
          text: { future: 1 },
        },
      },
    });
    expect(encode(request)).toMatchObject({
      truncation: "auto",
      include: ["file_search_call.results", "reasoning.encrypted_content"],
      reasoning: { effort: "low", context: "auto" },
      text: { verbosity: "low", future: 1 },
    });
  });

  test.each([
    [{ input: 7 }, "input"],
    [{ input: [{ role: "king", content: "x" }] }, "input[0].role"],
    [{ input: [{ role: "user", content: [{ type: "input_image" }] }] }, "input[0].content[0].image_url"],
    [{ input: [{ type: "function_call", call_id: "c", arguments: "{}" }] }, "input[0].name"],
    [{ input: "x", tools: [{ type: "function" }] }, "tools[0].name"],
    [{ input: "x", tool_choice: "maybe" }, "tool_choice"],
    [{ input: "x", metadata: { a: 1 } }, "metadata.a"],
    [{ input: "x", temperature: "hot" }, "temperature"],
    [{ input: "x", text: { format: { type: "json_schema", name: "n" } } }, "text.format.schema"],
  ])("of a wrong type is refused with its path: %j", (body, param) => {
    expect(() => decode(body)).toThrowError(expect.objectContaining({ code: "invalid_request", param }));
  });
});

describe("a request to a provider", () => {
  test.each([
    [1024, "low"],
    [8192, "medium"],
    [32_000, "high"],
  ])("a budget of %i tokens for thinking becomes the effort %s", (budgetTokens, effort) => {
    expect(encode({ reasoning: { mode: "enabled", budgetTokens } })).toMatchObject({ reasoning: { effort } });
    expect(encode({ reasoning: { mode: "disabled" } })).not.toHaveProperty("reasoning");
  });

  test("stores nothing, unless its own extra says so, and never runs in the background", () => {
    expect(encode({ store: true })).toMatchObject({ store: false });
    const extra = { dialect: "openai-responses", fields: { store: true, background: true } } as const;
    expect(encode({ extra })).toMatchObject({ store: true });
    expect(encode({ extra })).not.toHaveProperty("background");
  });

  test.each<[Partial<ChatRequest>, boolean]>([
    [{}, false],
    [{ reasoning: { effort: "high" } }, true],
    [{ reasoning: { effort: "none" } }, false],
    [{ reasoning: { mode: "disabled" } }, false],
    [{ reasoning: { effort: "none", encrypted: true } }, true],
    [
      {
        messages: [
          {
            role: "assistant",
            parts: [{ type: "reasoning", id: "rs_1", signature: { origin: "openai-responses", value: "g" } }],
          },
        ],
      },
      true,
    ],
  ])("asks for sealed reasoning only where the model may reason: %j", (request, asked) => {
    expect(encode(request)["include"]).toEqual(asked ? ["reasoning.encrypted_content"] : undefined);
  });

  test("says no reasoning that the provider did not seal", () => {
    const parts = [
      { type: "reasoning", text: "hm" },
      { type: "reasoning", text: "hm", signature: { origin: "anthropic-messages", value: "s" } },
      { type: "text", text: "yes" },
    ] as const;
    const { body, losses } = openaiResponses.request.encode(
      { model: "m", messages: [{ role: "assistant", parts }], stream: false },
      target,
    );
    expect(body["input"]).toMatchObject([{ type: "message", role: "assistant" }]);
    expect(losses).toEqual(["messages[0].parts[0]", "messages[0].parts[1]"]);
  });

  test("makes no tool strict that was not, and says so", () => {
    const tools = [{ type: "function", name: "f" }] as const;
    expect(encode({ tools })["tools"]).toEqual([
      { type: "function", name: "f", parameters: null, strict: false },
    ]);
  });

  test("never asks for less output than the vendor takes", () => {
    const { body, losses } = openaiResponses.request.encode(
      { model: "m", messages: [], stream: false, maxOutputTokens: 1 },
      target,
    );
    expect(body["max_output_tokens"]).toBe(16);
    expect(losses).toEqual(["maxOutputTokens"]);
  });

  test.each<Partial<ChatRequest>>([
    { tools: [{ type: "vendor", origin: "anthropic-messages", value: { type: "bash_20250124" } }] },
    { toolChoice: { type: "vendor", origin: "openai-chat", value: { type: "allowed" } } },
    {
      messages: [
        {
          role: "assistant",
          parts: [{ type: "vendor", origin: "anthropic-messages", value: { type: "server_tool_use" } }],
        },
      ],
    },
  ])("refuses what only another vendor runs: %j", (request) => {
    expect(() => encode(request)).toThrowError(Fault);
    expect(() => encode(request)).toThrowError(expect.objectContaining({ code: "vendor_only" }));
  });
});

describe("a peek", () => {
  test("finds what a channel must have", () => {
    const peek = openaiResponses.request.peek({
      model: "m",
      stream: true,
      max_output_tokens: 9,
      tools: [{ type: "function" }, { type: "web_search" }],
      text: { format: { type: "json_schema" } },
      reasoning: { effort: "low" },
      top_logprobs: 2,
      input: [
        { role: "user", content: [{ type: "input_image" }, { type: "input_file" }] },
        { type: "function_call_output", output: [{ type: "input_audio" }] },
      ],
    });
    expect(peek).toMatchObject({ model: "m", stream: true, maxOutputTokens: 9 });
    expect(peek.features.toSorted()).toEqual([
      "audio",
      "file",
      "image",
      "json_schema",
      "logprobs",
      "reasoning",
      "tools",
      "vendor_tools",
    ]);
  });

  test("wants nothing of a plain call, also where earlier turns reasoned", () => {
    const input = [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "g" }, { role: "user" }];
    expect(
      openaiResponses.request.peek({ model: "m", input, reasoning: { effort: "none" } }).features,
    ).toEqual([]);
  });

  test.each([{}, { model: 1 }, { model: "m", stream: "yes" }, { model: "m", store: 1 }])(
    "refuses %j",
    (body: JsonObject) => {
      expect(() => openaiResponses.request.peek(body)).toThrowError(
        expect.objectContaining({ code: "invalid_request" }),
      );
    },
  );
});

import { describe, expect, test } from "vitest";
import type { RequestTarget } from "../../src/core/dialect.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ChatRequest, Message } from "../../src/core/request.ts";
import { countTokensAnswer, countTokensRequest } from "../../src/dialects/anthropic-messages/count-tokens.ts";
import { decodeRequest } from "../../src/dialects/anthropic-messages/request-decode.ts";
import { encodeRequest } from "../../src/dialects/anthropic-messages/request-encode.ts";
import { peekRequest } from "../../src/dialects/anthropic-messages/request-peek.ts";
import { faultOf } from "../fault-of.ts";

function encode(request: Partial<ChatRequest>, target: RequestTarget = { quirks: {} }) {
  return encodeRequest(
    {
      model: "claude",
      messages: [{ role: "user", parts: [{ type: "text", text: "hello" }] }],
      stream: false,
      ...request,
    },
    target,
  );
}

function wireMessages(messages: readonly Message[], target?: RequestTarget): unknown {
  return encode({ messages }, target).body["messages"];
}

const user = (text: string): Message => ({ role: "user", parts: [{ type: "text", text }] });
const call: Message = {
  role: "assistant",
  parts: [{ type: "tool_call", id: "call_1", name: "look", arguments: "{}" }],
};
const result: Message = {
  role: "tool",
  parts: [{ type: "tool_result", id: "call_1", content: [{ type: "text", text: "sun" }] }],
};

describe("an Anthropic request is understood", () => {
  test("with all that it can say", () => {
    const body: JsonObject = {
      model: "claude-opus-5",
      max_tokens: 9000,
      system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      messages: [
        { role: "user", content: "What is the weather?" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Look it up.", signature: "sig" },
            { type: "redacted_thinking", data: "hidden" },
            {
              type: "tool_use",
              id: "toolu_1",
              name: "look",
              input: { city: "Paris" },
              caller: { type: "direct" },
            },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: "sun", is_error: false },
            { type: "text", text: "And tomorrow?" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
            {
              type: "document",
              source: { type: "file", file_id: "file_1" },
              title: "Report",
              citations: { enabled: true },
            },
          ],
        },
      ],
      tools: [
        {
          name: "look",
          description: "Looks.",
          input_schema: { type: "object", properties: {} },
          strict: true,
        },
        { type: "web_search_20250305", name: "web_search", max_uses: 3 },
      ],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
      stop_sequences: ["END"],
      thinking: { type: "enabled", budget_tokens: 2048, display: "omitted" },
      output_config: { effort: "high", format: { type: "json_schema", schema: { type: "object" } } },
      metadata: { user_id: "u-1" },
      container: "container_1",
      stream: true,
    };
    const request = decodeRequest(body);
    expect(request).toStrictEqual({
      model: "claude-opus-5",
      stream: true,
      maxOutputTokens: 9000,
      messages: [
        { role: "system", parts: [{ type: "text", text: "Be kind.", cache: { ttl: "1h" } }] },
        user("What is the weather?"),
        {
          role: "assistant",
          parts: [
            {
              type: "reasoning",
              text: "Look it up.",
              signature: { origin: "anthropic-messages", value: "sig" },
            },
            {
              type: "reasoning",
              signature: { origin: "anthropic-messages", value: "hidden" },
              redacted: true,
            },
            {
              type: "tool_call",
              id: "toolu_1",
              name: "look",
              arguments: '{"city":"Paris"}',
              extra: { dialect: "anthropic-messages", fields: { caller: { type: "direct" } } },
            },
          ],
        },
        {
          role: "tool",
          parts: [
            { type: "tool_result", id: "toolu_1", content: [{ type: "text", text: "sun" }], isError: false },
          ],
        },
        {
          role: "user",
          parts: [
            { type: "text", text: "And tomorrow?" },
            { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" } },
            {
              type: "file",
              source: { kind: "id", id: "file_1", origin: "anthropic-messages" },
              title: "Report",
              citations: true,
            },
          ],
        },
      ],
      tools: [
        {
          type: "function",
          name: "look",
          description: "Looks.",
          parameters: { type: "object", properties: {} },
          strict: true,
        },
        {
          type: "vendor",
          origin: "anthropic-messages",
          value: { type: "web_search_20250305", name: "web_search", max_uses: 3 },
        },
      ],
      toolChoice: { type: "auto" },
      parallelToolCalls: false,
      stop: ["END"],
      reasoning: { mode: "enabled", budgetTokens: 2048, summary: "omitted", effort: "high" },
      responseFormat: { type: "json_schema", schema: { type: "object" } },
      user: "u-1",
      extra: { dialect: "anthropic-messages", fields: { container: "container_1" } },
    });
    const again = encodeRequest(request, { quirks: {} });
    expect(again).toStrictEqual({ body, losses: [] });
    expect(peekRequest(body)).toStrictEqual({
      model: "claude-opus-5",
      stream: true,
      maxOutputTokens: 9000,
      features: ["tools", "vendor_tools", "json_schema", "reasoning", "image", "file"],
    });
  });

  test.each<[string, JsonObject, string]>([
    ["without a limit", { model: "m", messages: [] }, "max_tokens"],
    [
      "with a role that is none",
      { model: "m", max_tokens: 1, messages: [{ role: "bot", content: "" }] },
      "messages[0].role",
    ],
    ["without content", { model: "m", max_tokens: 1, messages: [{ role: "user" }] }, "messages[0].content"],
    [
      "with a tool call whose input is text",
      {
        model: "m",
        max_tokens: 1,
        messages: [{ role: "user", content: [{ type: "tool_use", id: "a", name: "b", input: "{}" }] }],
      },
      "messages[0].content[0].input",
    ],
    [
      "with a tool without schema",
      { model: "m", max_tokens: 1, messages: [], tools: [{ name: "a" }] },
      "tools[0].input_schema",
    ],
    ["with thinking that is a word", { model: "m", max_tokens: 1, messages: [], thinking: "on" }, "thinking"],
  ])("or refused %s, with the path", (_, body, param) => {
    expect(faultOf(() => decodeRequest(body))).toMatchObject({ code: "invalid_request", param });
  });

  test("keeping what has no neutral word, inside known fields too", () => {
    const body: JsonObject = {
      model: "m",
      max_tokens: 10,
      messages: [{ role: "user", content: "hi" }],
      thinking: { type: "between_tools" },
      output_config: { effort: "colossal", format: { type: "grammar", rules: [] } },
      metadata: { user_id: "u", team: "t" },
      tools: [{ name: "a", input_schema: { type: "object" } }],
      tool_choice: { type: "auto", eager: true },
      mcp_servers: [{ name: "s", url: "https://mcp.example", type: "url" }],
    };
    const request = decodeRequest(body);
    expect(request.user).toBe("u");
    expect(request.reasoning).toBeUndefined();
    expect(encodeRequest(request, { quirks: {} })).toStrictEqual({ body, losses: [] });
    expect(peekRequest(body).features).toContain("vendor_tools");
  });

  test("with results split over turns as one message", () => {
    const turn = (id: string): JsonObject => ({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: id }],
    });
    const { messages } = decodeRequest({ model: "m", max_tokens: 1, messages: [turn("a"), turn("b")] });
    expect(messages).toStrictEqual([
      {
        role: "tool",
        parts: [
          { type: "tool_result", id: "a", content: [] },
          { type: "tool_result", id: "b", content: [] },
        ],
      },
    ]);
  });
});

describe("the vendor is told", () => {
  test("tool results and what the user says next in one turn", () => {
    expect(wireMessages([user("hi"), call, result, user("thanks")])).toStrictEqual([
      { role: "user", content: "hi" },
      { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: "look", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_1", content: "sun" },
          { type: "text", text: "thanks" },
        ],
      },
    ]);
  });

  test("an instruction in mid-conversation as a user's, never between a call and its result", () => {
    const instruction: Message = { role: "system", parts: [{ type: "text", text: "Be brief." }] };
    const { body, losses } = encode({ messages: [user("hi"), call, instruction, result] });
    expect(losses).toStrictEqual(["messages[2].role"]);
    expect((body["messages"] as JsonObject[])[2]).toStrictEqual({
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "call_1", content: "sun" },
        { type: "text", text: "Be brief." },
      ],
    });
  });

  test("an instruction in its own turn where the model knows one", () => {
    const instruction: Message = { role: "system", parts: [{ type: "text", text: "Be brief." }] };
    const { body, losses } = encode(
      { messages: [user("hi"), instruction] },
      { quirks: { systemTurns: true } },
    );
    expect(losses).toStrictEqual([]);
    expect(body["messages"]).toStrictEqual([
      { role: "user", content: "hi" },
      { role: "system", content: "Be brief." },
    ]);
  });

  test("leading instructions as one system prompt", () => {
    const { body, losses } = encode({
      messages: [
        { role: "system", parts: [{ type: "text", text: "One." }] },
        { role: "developer", parts: [{ type: "text", text: "Two." }] },
        user("hi"),
      ],
    });
    expect(body["system"]).toStrictEqual([
      { type: "text", text: "One." },
      { type: "text", text: "Two." },
    ]);
    expect(losses).toStrictEqual([]);
  });

  test("no empty text and no empty turn", () => {
    const { body, losses } = encode({
      messages: [user(""), { role: "assistant", parts: [{ type: "text", text: "" }] }, user("hi")],
    });
    expect(body["messages"]).toStrictEqual([{ role: "user", content: "hi" }]);
    expect(losses).toStrictEqual(["messages[0].parts[0]", "messages[1].parts[0]"]);
  });

  test("arguments that are no JSON object inside one", () => {
    const cut: Message = {
      role: "assistant",
      parts: [{ type: "tool_call", id: "c", name: "look", arguments: '{"city":"Par' }],
    };
    const { body, losses } = encode({ messages: [cut] });
    expect((body["messages"] as JsonObject[])[0]).toMatchObject({
      content: [{ type: "tool_use", input: { input: '{"city":"Par' } }],
    });
    expect(losses).toStrictEqual(["messages[0].parts[0].arguments"]);
  });

  test("ids as it takes them, the same for a call and its result, and back", () => {
    const id = "functions.look:0";
    const messages: Message[] = [
      { role: "assistant", parts: [{ type: "tool_call", id, name: "look", arguments: "{}" }] },
      { role: "tool", parts: [{ type: "tool_result", id, content: [{ type: "text", text: "x" }] }] },
    ];
    const { body, losses } = encode({ messages });
    const [turn, answer] = body["messages"] as { content: JsonObject[] }[];
    expect(turn?.content[0]?.["id"]).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(answer?.content[0]?.["tool_use_id"]).toBe(turn?.content[0]?.["id"]);
    expect(losses).toStrictEqual([]);
    expect(decodeRequest(body).messages).toStrictEqual(messages);
  });

  test("neither another vendor's reasoning nor its files", () => {
    const { body, losses } = encode({
      messages: [
        {
          role: "user",
          parts: [
            { type: "file", source: { kind: "id", id: "file-1", origin: "openai-responses" } },
            { type: "text", text: "hi" },
          ],
        },
        {
          role: "assistant",
          parts: [
            { type: "reasoning", text: "hm", signature: { origin: "openai-responses", value: "x" } },
            { type: "reasoning", text: "unsigned" },
            { type: "text", text: "hello" },
          ],
        },
      ],
    });
    expect(body["messages"]).toStrictEqual([
      { role: "user", content: "hi" },
      { role: "assistant", content: "hello" },
    ]);
    expect(losses).toStrictEqual(["messages[0].parts[0]", "messages[1].parts[0]", "messages[1].parts[1]"]);
  });

  test("text files as text", () => {
    const data = Buffer.from("naïve").toString("base64");
    const { body, losses } = encode({
      messages: [
        {
          role: "user",
          parts: [
            { type: "file", source: { kind: "base64", mediaType: "text/csv", data }, filename: "a.csv" },
          ],
        },
      ],
    });
    expect(body["messages"]).toStrictEqual([
      {
        role: "user",
        content: [
          {
            type: "document",
            source: { type: "text", media_type: "text/plain", data: "naïve" },
            title: "a.csv",
          },
        ],
      },
    ]);
    expect(losses).toStrictEqual(["messages[0].parts[0].source", "messages[0].parts[0].filename"]);
  });

  test.each<[string, Partial<ChatRequest>]>([
    [
      "tool",
      { tools: [{ type: "vendor", origin: "openai-responses", value: { type: "code_interpreter" } }] },
    ],
    [
      "part",
      {
        messages: [
          {
            role: "assistant",
            parts: [{ type: "vendor", origin: "openai-responses", value: { type: "code_interpreter" } }],
          },
        ],
      },
    ],
  ])("no other vendor's %s: the call is refused and the kind named", (_, request) => {
    const fault = faultOf(() => encode(request));
    expect(fault.code).toBe("vendor_only");
    expect(fault.detail).toContain("code_interpreter");
  });

  test("what it cannot be told, as losses, and no-ops are none", () => {
    const { losses } = encode({
      n: 2,
      seed: 1,
      logprobs: { top: 3 },
      frequencyPenalty: 0.5,
      logitBias: { "1": 2 },
      responseFormat: { type: "json_object" },
      store: true,
      verbosity: "low",
      serviceTier: "flex",
      temperature: 1.4,
      topP: 0.9,
    });
    expect(new Set(losses)).toStrictEqual(
      new Set([
        "n",
        "seed",
        "logprobs",
        "frequencyPenalty",
        "logitBias",
        "responseFormat",
        "store",
        "verbosity",
        "serviceTier",
        "temperature",
        "topP",
      ]),
    );
    expect(
      encode({ n: 1, frequencyPenalty: 0, presencePenalty: 0, store: false, streamUsage: true }).losses,
    ).toStrictEqual([]);
  });

  test("a limit: the caller's, the channel's, or 4096", () => {
    expect(encode({ maxOutputTokens: 7 }).body["max_tokens"]).toBe(7);
    expect(encode({}, { quirks: {}, maxOutputTokens: 64_000 }).body["max_tokens"]).toBe(64_000);
    expect(encode({}).body["max_tokens"]).toBe(4096);
  });

  test("nothing of a choice among no tools", () => {
    const { body, losses } = encode({ toolChoice: { type: "required" }, parallelToolCalls: false });
    expect(body).not.toHaveProperty("tool_choice");
    expect(losses).toStrictEqual(["toolChoice", "parallelToolCalls"]);
  });
});

describe("tokens are counted", () => {
  test("for a request without a limit", () => {
    const request = countTokensRequest({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      tools: [{ name: "look", input_schema: { type: "object" } }],
    });
    expect(request).toStrictEqual({
      model: "m",
      messages: [user("hi")],
      stream: false,
      tools: [{ type: "function", name: "look" }],
    });
    expect(faultOf(() => countTokensRequest({ model: "m" })).param).toBe("messages");
  });

  test("and told", () => {
    expect(countTokensAnswer(12)).toStrictEqual({ input_tokens: 12 });
  });
});

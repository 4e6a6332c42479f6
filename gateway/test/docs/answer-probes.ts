import type { ChatDialectId } from "../../src/core/extra.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Probes } from "./request-probes.ts";

const usage: JsonObject = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const logprobs: JsonObject = { token: "Hi", logprob: -0.1, bytes: [72, 105], top_logprobs: [] };

function chatAnswer(message: JsonObject, choice: JsonObject = {}, body: JsonObject = {}): JsonObject {
  const said: JsonObject = { role: "assistant", content: "Hi", refusal: null, ...message };
  const choices: Json[] = [{ index: 0, finish_reason: "stop", logprobs: null, message: said, ...choice }];
  return { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "m", choices, usage, ...body };
}

const chat: Probes = new Map([
  ["text", chatAnswer({})],
  [
    "tool calls",
    chatAnswer(
      { tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } }] },
      { finish_reason: "tool_calls" },
    ),
  ],
  ["reasoning_content (DeepSeek and others)", chatAnswer({ reasoning_content: "Hm" })],
  ["refusal", chatAnswer({ content: null, refusal: "No" })],
  ["finish_reason content_filter", chatAnswer({}, { finish_reason: "content_filter" })],
  ["logprobs", chatAnswer({}, { logprobs: { content: [logprobs], refusal: null } })],
  [
    "url_citation annotations",
    chatAnswer({
      annotations: [
        {
          type: "url_citation",
          url_citation: { url: "https://example.com", title: "A", start_index: 0, end_index: 2 },
        },
      ],
    }),
  ],
  [
    "audio",
    chatAnswer({ content: null, audio: { id: "audio_1", data: "AAAA", expires_at: 1, transcript: "Hi" } }),
  ],
  [
    "several choices (n)",
    chatAnswer(
      {},
      {},
      {
        choices: [0, 1].map((index) => ({
          index,
          finish_reason: "stop",
          logprobs: null,
          message: { role: "assistant", content: "Hi", refusal: null },
        })),
      },
    ),
  ],
  ["service_tier", chatAnswer({}, {}, { service_tier: "flex" })],
  ["system_fingerprint", chatAnswer({}, {}, { system_fingerprint: "fp_1" })],
]);

function response(output: Json[], body: JsonObject = {}): JsonObject {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status: "completed",
    model: "m",
    output,
    usage: {
      input_tokens: 1,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 2,
    },
    ...body,
  };
}

function said(content: JsonObject): JsonObject {
  return { type: "message", id: "msg_1", status: "completed", role: "assistant", content: [content] };
}

const outputText = (fields: JsonObject): JsonObject =>
  said({ type: "output_text", text: "Hi", annotations: [], logprobs: [], ...fields });

const responses: Probes = new Map([
  ["text", response([outputText({})])],
  [
    "tool calls",
    response([
      {
        type: "function_call",
        id: "fc_1",
        call_id: "call_1",
        name: "weather",
        arguments: "{}",
        status: "completed",
      },
    ]),
  ],
  [
    "reasoning summary, sealed",
    response([
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "Hm" }],
        encrypted_content: "gAAAA",
      },
      outputText({}),
    ]),
  ],
  ["refusal", response([said({ type: "refusal", refusal: "No" })])],
  [
    "url_citation annotations",
    response([
      outputText({
        annotations: [
          { type: "url_citation", url: "https://example.com", title: "A", start_index: 0, end_index: 2 },
        ],
      }),
    ]),
  ],
  [
    "file_citation annotations",
    response([
      outputText({
        annotations: [{ type: "file_citation", file_id: "file-1", filename: "a.txt", index: 0 }],
      }),
    ]),
  ],
  ["logprobs", response([outputText({ logprobs: [logprobs] })])],
  [
    "server-side tools (web_search_call, ...)",
    response([
      { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "a" } },
      outputText({}),
    ]),
  ],
  [
    "incomplete: content_filter",
    response([outputText({})], { status: "incomplete", incomplete_details: { reason: "content_filter" } }),
  ],
  ["service_tier", response([outputText({})], { service_tier: "flex" })],
]);

function message(content: Json[], body: JsonObject = {}): JsonObject {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content,
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
    ...body,
  };
}

const text: JsonObject = { type: "text", text: "Hi" };

const messages: Probes = new Map([
  ["text", message([text])],
  [
    "tool calls",
    message([{ type: "tool_use", id: "toolu_1", name: "weather", input: {} }], { stop_reason: "tool_use" }),
  ],
  ["thinking, signed", message([{ type: "thinking", thinking: "Hm", signature: "Eq1" }, text])],
  ["redacted_thinking", message([{ type: "redacted_thinking", data: "Eq1" }, text])],
  [
    "citations of a document",
    message([
      {
        ...text,
        citations: [
          {
            type: "char_location",
            cited_text: "Hi",
            document_index: 0,
            document_title: "A",
            start_char_index: 0,
            end_char_index: 2,
          },
        ],
      },
    ]),
  ],
  [
    "citations of a web search",
    message([
      {
        ...text,
        citations: [
          {
            type: "web_search_result_location",
            cited_text: "Hi",
            url: "https://example.com",
            title: "A",
            encrypted_index: "Eq1",
          },
        ],
      },
    ]),
  ],
  [
    "server-side tools (server_tool_use, ...)",
    message([
      { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "a" } },
      { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
      text,
    ]),
  ],
  ["stop_reason stop_sequence", message([text], { stop_reason: "stop_sequence", stop_sequence: "END" })],
  ["stop_reason refusal", message([text], { stop_reason: "refusal" })],
  ["stop_reason pause_turn", message([text], { stop_reason: "pause_turn" })],
  [
    "stop_reason model_context_window_exceeded",
    message([text], { stop_reason: "model_context_window_exceeded" }),
  ],
  [
    "cache counts of an hour",
    message([text], {
      usage: {
        input_tokens: 1,
        output_tokens: 1,
        cache_creation_input_tokens: 5,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 5 },
      },
    }),
  ],
]);

/** What vendors answer, by their dialect. */
export const answerProbes: Readonly<Record<ChatDialectId, Probes>> = {
  "openai-chat": chat,
  "openai-responses": responses,
  "anthropic-messages": messages,
};

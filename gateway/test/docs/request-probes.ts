import type { ChatDialectId } from "../../src/core/extra.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";

/** One thing that a body can say: its name on the page, and the smallest body that says it. */
export type Probes = ReadonlyMap<string, JsonObject>;

const picture = "iVBORw0KGgo=";
const schema: JsonObject = { type: "object", properties: { city: { type: "string" } } };

function with_(base: JsonObject, fields: Readonly<Record<string, JsonObject>>): Probes {
  return new Map(Object.entries(fields).map(([name, field]) => [name, { ...base, ...field }]));
}

const user: JsonObject = { role: "user", content: "Hi" };
const chatTool: JsonObject = { type: "function", function: { name: "weather", parameters: schema } };
const chatSays = (content: Json): JsonObject => ({ messages: [{ role: "user", content: [content] }] });

const chat = with_(
  { model: "m", messages: [user] },
  {
    max_completion_tokens: { max_completion_tokens: 100 },
    "temperature, top_p": { temperature: 0.5, top_p: 0.9 },
    "frequency_penalty, presence_penalty": { frequency_penalty: 0.5, presence_penalty: 0.5 },
    logit_bias: { logit_bias: { "50256": -100 } },
    stop: { stop: ["END"] },
    seed: { seed: 7 },
    "n above 1": { n: 2 },
    logprobs: { logprobs: true, top_logprobs: 2 },
    "function tools": { tools: [chatTool], tool_choice: "required" },
    parallel_tool_calls: { tools: [chatTool], parallel_tool_calls: false },
    "custom tools": { tools: [{ type: "custom", custom: { name: "sql" } }] },
    "response_format json_object": { response_format: { type: "json_object" } },
    "response_format json_schema": {
      response_format: { type: "json_schema", json_schema: { name: "answer", schema } },
    },
    reasoning_effort: { reasoning_effort: "high" },
    verbosity: { verbosity: "low" },
    metadata: { metadata: { order: "7" } },
    user: { user: "u1" },
    "service_tier flex": { service_tier: "flex" },
    prompt_cache_key: { prompt_cache_key: "k" },
    store: { store: true },
    web_search_options: { web_search_options: {} },
    prediction: { prediction: { type: "content", content: "a" } },
    "audio answers": { modalities: ["text", "audio"], audio: { voice: "alloy", format: "mp3" } },
    "name of a message": { messages: [{ ...user, name: "ann" }] },
    "image by URL": chatSays({ type: "image_url", image_url: { url: "https://example.com/a.png" } }),
    "image as data": chatSays({
      type: "image_url",
      image_url: { url: `data:image/png;base64,${picture}` },
    }),
    "audio input": chatSays({ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }),
    "file as data": chatSays({
      type: "file",
      file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERg==" },
    }),
    "file by id": chatSays({ type: "file", file: { file_id: "file-1" } }),
    "system message in mid-conversation": {
      messages: [
        user,
        { role: "assistant", content: "Yes?" },
        { role: "system", content: "Be brief." },
        user,
      ],
    },
  },
);

const responsesTool: JsonObject = { type: "function", name: "weather", parameters: schema, strict: true };
const responsesSays = (content: Json): JsonObject => ({ input: [{ role: "user", content: [content] }] });

const responses = with_(
  { model: "m", input: "Hi" },
  {
    instructions: { instructions: "Be brief." },
    max_output_tokens: { max_output_tokens: 100 },
    "temperature, top_p": { temperature: 0.5, top_p: 0.9 },
    top_logprobs: { top_logprobs: 2, include: ["message.output_text.logprobs"] },
    "function tools": { tools: [responsesTool], tool_choice: "required" },
    parallel_tool_calls: { tools: [responsesTool], parallel_tool_calls: false },
    "custom tools": { tools: [{ type: "custom", name: "sql" }] },
    "server-side tools (web_search, mcp, ...)": { tools: [{ type: "web_search" }] },
    "tool_choice allowed_tools": {
      tools: [responsesTool],
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "weather" }] },
    },
    "text.format json_object": { text: { format: { type: "json_object" } } },
    "text.format json_schema": { text: { format: { type: "json_schema", name: "answer", schema } } },
    "text.verbosity": { text: { verbosity: "low" } },
    "reasoning.effort": { reasoning: { effort: "high" } },
    "reasoning.summary": { reasoning: { effort: "high", summary: "auto" } },
    "reasoning.encrypted_content": { include: ["reasoning.encrypted_content"], store: false },
    metadata: { metadata: { order: "7" } },
    user: { user: "u1" },
    "service_tier flex": { service_tier: "flex" },
    prompt_cache_key: { prompt_cache_key: "k" },
    "truncation auto": { truncation: "auto" },
    max_tool_calls: { max_tool_calls: 3 },
    "prompt template": { prompt: { id: "pmpt_1" } },
    "image by URL": responsesSays({ type: "input_image", image_url: "https://example.com/a.png" }),
    "image by id": responsesSays({ type: "input_image", file_id: "file-1" }),
    "file as data": responsesSays({
      type: "input_file",
      filename: "a.pdf",
      file_data: "data:application/pdf;base64,JVBERg==",
    }),
    "file by URL": responsesSays({ type: "input_file", file_url: "https://example.com/a.pdf" }),
    "earlier reasoning, sealed by OpenAI": {
      input: [
        { role: "user", content: "Hi" },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Yes?" }] },
        { role: "user", content: "Go on" },
      ],
    },
  },
);

const claudeTool: JsonObject = { name: "weather", input_schema: schema };
const cache: JsonObject = { cache_control: { type: "ephemeral" } };
const claudeSays = (content: Json): JsonObject => ({ messages: [{ role: "user", content: [content] }] });
const claudeThought = (block: JsonObject): JsonObject => ({
  messages: [
    user,
    { role: "assistant", content: [block, { type: "text", text: "Yes?" }] },
    { role: "user", content: "Go on" },
  ],
});
const claudeResult = (result: JsonObject): JsonObject => ({
  tools: [claudeTool],
  messages: [
    user,
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "weather", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", ...result }] },
  ],
});

const messages = with_(
  { model: "m", max_tokens: 4096, messages: [user] },
  {
    system: { system: "Be brief." },
    "cache_control on a block": { system: [{ type: "text", text: "Be brief.", ...cache }] },
    "cache_control on a tool": { tools: [{ ...claudeTool, ...cache }] },
    "temperature, top_p": { temperature: 0.5, top_p: 0.9 },
    top_k: { top_k: 5 },
    stop_sequences: { stop_sequences: ["END"] },
    "function tools": { tools: [claudeTool], tool_choice: { type: "any" } },
    disable_parallel_tool_use: {
      tools: [claudeTool],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    },
    "server-side tools (web_search, code_execution, ...)": {
      tools: [{ type: "web_search_20250305", name: "web_search" }],
    },
    mcp_servers: { mcp_servers: [{ type: "url", url: "https://example.com", name: "a" }] },
    context_management: { context_management: { edits: [] } },
    "thinking enabled, with a budget": { thinking: { type: "enabled", budget_tokens: 2000 } },
    "thinking adaptive": { thinking: { type: "adaptive" } },
    "thinking disabled": { thinking: { type: "disabled" } },
    "output_config.effort": { output_config: { effort: "high" } },
    "output_config.format": { output_config: { format: { type: "json_schema", schema } } },
    "metadata.user_id": { metadata: { user_id: "u1" } },
    service_tier: { service_tier: "standard_only" },
    "image by URL": claudeSays({ type: "image", source: { type: "url", url: "https://example.com/a.png" } }),
    "image as data": claudeSays({
      type: "image",
      source: { type: "base64", media_type: "image/png", data: picture },
    }),
    "PDF as data": claudeSays({
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" },
    }),
    "PDF by URL": claudeSays({ type: "document", source: { type: "url", url: "https://example.com/a.pdf" } }),
    "text document": claudeSays({
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "Hi" },
    }),
    "document with citations": claudeSays({
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "Hi" },
      citations: { enabled: true },
    }),
    search_result: claudeSays({
      type: "search_result",
      source: "https://example.com",
      title: "A",
      content: [{ type: "text", text: "Hi" }],
    }),
    tool_result: claudeResult({ content: "Rain" }),
    "tool_result is_error": claudeResult({ content: "No", is_error: true }),
    "tool_result with an image": claudeResult({
      content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: picture } }],
    }),
    "earlier thinking, signed by Anthropic": claudeThought({
      type: "thinking",
      thinking: "Hm",
      signature: "Eq1",
    }),
    redacted_thinking: claudeThought({ type: "redacted_thinking", data: "Eq1" }),
  },
);

/** What clients say, by their dialect. */
export const requestProbes: Readonly<Record<ChatDialectId, Probes>> = {
  "openai-chat": chat,
  "openai-responses": responses,
  "anthropic-messages": messages,
};

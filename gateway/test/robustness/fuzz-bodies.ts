/** Planted in prompts; must never be seen in a log. */
export const prompt = "what only the caller may know";

const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Requests that use much of each language, to be spoiled. */
export const wellFormed: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  "/v1/chat/completions": [
    { model: "m", messages: [{ role: "user", content: prompt }] },
    {
      model: "m",
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: "system", content: prompt },
        {
          role: "user",
          content: [
            { type: "text", text: prompt },
            { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}`, detail: "low" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERg==" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Bonn"}' } },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "rain" },
      ],
      tools: [
        {
          type: "function",
          function: { name: "weather", description: "d", parameters: schema, strict: true },
        },
      ],
      tool_choice: { type: "function", function: { name: "weather" } },
      response_format: { type: "json_schema", json_schema: { name: "w", schema, strict: true } },
      max_completion_tokens: 40,
      temperature: 0.5,
      stop: ["x", "y"],
      n: 1,
      seed: 7,
      logprobs: true,
      top_logprobs: 2,
      logit_bias: { "50256": -100 },
      reasoning_effort: "low",
      metadata: { a: "b" },
      user: "u",
    },
  ],
  "/v1/responses": [
    { model: "m", input: prompt },
    {
      model: "m",
      stream: true,
      instructions: prompt,
      store: true,
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: prompt },
            { type: "input_image", image_url: `data:image/png;base64,${pixel}`, detail: "auto" },
          ],
        },
        {
          type: "reasoning",
          id: "rs_1",
          summary: [{ type: "summary_text", text: "s" }],
          encrypted_content: "abc",
        },
        { type: "function_call", call_id: "c1", name: "weather", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "rain" },
      ],
      tools: [
        { type: "function", name: "weather", parameters: schema, strict: true },
        { type: "custom", name: "sql" },
      ],
      tool_choice: "auto",
      text: { format: { type: "json_schema", name: "w", schema }, verbosity: "low" },
      reasoning: { effort: "low", summary: "auto" },
      include: ["reasoning.encrypted_content"],
      max_output_tokens: 40,
      metadata: { a: "b" },
    },
  ],
  "/v1/messages": [
    { model: "m", max_tokens: 40, messages: [{ role: "user", content: prompt }] },
    {
      model: "m",
      max_tokens: 2000,
      stream: true,
      system: [{ type: "text", text: prompt, cache_control: { type: "ephemeral" } }],
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: prompt },
            { type: "image", source: { type: "base64", media_type: "image/png", data: pixel } },
            {
              type: "document",
              source: { type: "text", media_type: "text/plain", data: prompt },
              citations: { enabled: true },
            },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "t", signature: "s" },
            { type: "tool_use", id: "t1", name: "weather", input: { city: "Bonn" } },
          ],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "t1",
              content: [{ type: "text", text: "rain" }],
              is_error: false,
            },
          ],
        },
      ],
      tools: [{ name: "weather", description: "d", input_schema: schema }],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
      thinking: { type: "enabled", budget_tokens: 1024 },
      stop_sequences: ["x"],
      temperature: 1,
      metadata: { user_id: "u" },
    },
  ],
};

import { expect, test } from "vitest";
import type { Quirks } from "../../src/core/dialect.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { passes } from "../../src/dialects/openai-chat/passes.ts";

const plain: JsonObject = { model: "m", messages: [{ role: "user", content: "hi" }] };

test.each<[string, JsonObject, Quirks, boolean]>([
  [
    "nothing to heed",
    plain,
    { maxTokensField: "max_tokens", developerRole: false, streamOptions: false, jsonSchema: false },
    true,
  ],
  [
    "the limit under its other name",
    { ...plain, max_completion_tokens: 5 },
    { maxTokensField: "max_tokens" },
    false,
  ],
  [
    "the limit under the older name",
    { ...plain, max_tokens: 5 },
    { maxTokensField: "max_completion_tokens" },
    false,
  ],
  ["the limit under the right name", { ...plain, max_tokens: 5 }, { maxTokensField: "max_tokens" }, true],
  ["a null limit", { ...plain, max_completion_tokens: null }, { maxTokensField: "max_tokens" }, true],
  [
    "a developer message",
    { messages: [{ role: "developer", content: "x" }] },
    { developerRole: false },
    false,
  ],
  ["stream options", { ...plain, stream_options: {} }, { streamOptions: false }, false],
  ["a schema", { ...plain, response_format: { type: "json_schema" } }, { jsonSchema: false }, false],
  ["another format", { ...plain, response_format: { type: "json_object" } }, { jsonSchema: false }, true],
  [
    "earlier reasoning",
    { messages: [{ role: "assistant", reasoning_content: "hm" }] },
    { reasoningField: "reasoning" },
    false,
  ],
  ["no quirks at all", { messages: [{ role: "developer", reasoning: "x" }], max_tokens: 1 }, {}, true],
])("%s", (_, body, quirks, expected) => {
  expect(passes(body, quirks)).toBe(expected);
});

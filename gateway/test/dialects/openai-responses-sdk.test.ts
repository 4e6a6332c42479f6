import * as fc from "fast-check";
import OpenAI, { RateLimitError } from "openai";
import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/core/event.ts";
import { Fault } from "../../src/core/fault.ts";
import { replay } from "../../src/core/replay.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { sseText } from "../../src/framing/sse-writer.ts";
import { chatEvents } from "./neutral-response.ts";
import { openaiResponsesProfile } from "./openai-responses-profile.ts";
import type { Profile } from "./profile.ts";
import { answerContext, encodeEvents } from "./streams.ts";

/** An answer of a model of another vendor, with all that a client may see. */
const answer: ChatResponse = {
  id: "msg_01",
  model: "claude",
  created: 1_795_000_000,
  choices: [
    {
      index: 0,
      parts: [
        {
          type: "reasoning",
          text: "let me think",
          signature: { origin: "anthropic-messages", value: "c2ln" },
        },
        { type: "text", text: '{"city":"Paris"}' },
        { type: "tool_call", id: "call_1", name: "weather", arguments: '{"city":"Paris"}' },
        { type: "tool_call", id: "call_2", name: "run", arguments: "print(1)", custom: true },
      ],
      finish: { reason: "tool_calls" },
    },
  ],
  usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4 },
};

function client(body: string, type: string, status = 200): OpenAI {
  return new OpenAI({
    apiKey: "k",
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { status, headers: { "content-type": type } })),
  });
}

/** The client knows no kinds but the vendor's own. */
const sayable: Profile = {
  ...openaiResponsesProfile,
  response: {
    ...openaiResponsesProfile.response,
    parts: ["text", "reasoning", "refusal", "tool_call"],
    citations: ["url"],
  },
};
const isKnown = (events: readonly ChatEvent[]): boolean =>
  !events.some((event) => event.type === "part_start" && event.part.type === "vendor");
const plain = { model: "m", input: "hi" } as const;
const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const question = {
  model: "claude",
  input: "where?",
  text: { format: { type: "json_schema", name: "place", schema, strict: true } },
} as const;

describe("the official client", () => {
  test("puts a stream together", async () => {
    const { frames } = encodeEvents(openaiResponses, replay(answer));
    const stream = client(frames.map(sseText).join(""), "text/event-stream").responses.stream(question);
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    const final = await stream.finalResponse();
    expect(types.slice(0, 2)).toEqual(["response.created", "response.in_progress"]);
    expect(types.at(-1)).toBe("response.completed");
    expect(final.id).toBe(`resp_${answerContext.token}`);
    expect(final.output_text).toBe('{"city":"Paris"}');
    expect(final.output.map(({ type }) => type)).toEqual([
      "reasoning",
      "message",
      "function_call",
      "custom_tool_call",
    ]);
    expect(final.output[2]).toMatchObject({ call_id: "call_1", arguments: '{"city":"Paris"}' });
    expect(final.usage).toMatchObject({ input_tokens: 10, output_tokens: 5, total_tokens: 15 });
  });

  test("puts any stream together to what its last frame says", async () => {
    await fc.assert(
      fc.asyncProperty(chatEvents(sayable).filter(isKnown), async (events) => {
        const { frames } = encodeEvents(openaiResponses, events);
        const body = frames.map(sseText).join("");
        const final = await client(body, "text/event-stream").responses.stream(plain).finalResponse();
        const last = JSON.parse(frames.at(-1)?.data ?? "") as { response: { output: unknown } };
        expect(JSON.parse(JSON.stringify(final.output))).toMatchObject(last.response.output as object);
      }),
      { numRuns: 60 },
    );
  });

  test("reads a whole answer", async () => {
    const { body } = openaiResponses.response.encode(answer, answerContext);
    const response = await client(JSON.stringify(body), "application/json").responses.create(question);
    expect(response.output_text).toBe('{"city":"Paris"}');
    expect(response.status).toBe("completed");
  });

  test("throws where a stream ends in an error", async () => {
    const { frames } = encodeEvents(openaiResponses, [...replay(answer)].slice(0, 4));
    const last = openaiResponses.error.frame(new Fault("provider_stream_broken"), "request-1");
    const text = [...frames, last].map(sseText).join("");
    const stream = client(text, "text/event-stream").responses.stream(question);
    await expect(stream.finalResponse()).rejects.toMatchObject({ code: "provider_stream_broken" });
  });

  test("throws its own class of error for a refusal", async () => {
    const fault = new Fault("provider_rate_limited");
    const body = JSON.stringify(openaiResponses.error.encode(fault, "request-1"));
    const created = client(body, "application/json", 429).responses.create(question);
    await expect(created).rejects.toBeInstanceOf(RateLimitError);
    await expect(created).rejects.toMatchObject({ code: "rate_limit_exceeded", type: "rate_limit_error" });
  });
});

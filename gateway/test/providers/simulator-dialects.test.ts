import { describe, expect, test } from "vitest";
import { Collector } from "../../src/core/collect.ts";
import type { ChatDialect } from "../../src/core/dialect.ts";
import { randomToken } from "../../src/core/ids.ts";
import { isJsonObject, type JsonObject } from "../../src/core/json.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { SseParser } from "../../src/framing/sse-parser.ts";
import { simAddresses } from "../../src/providers/sim/sim-address.ts";
import { createSimulator } from "../../src/providers/sim/simulator.ts";
import { ManualClock } from "../manual-clock.ts";
import { Recorder } from "./recorder.ts";

const dialects = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
};
const simulator = createSimulator({
  dialects,
  clock: new ManualClock(),
  token: randomToken,
  random: () => 0,
});

const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const messages = [{ role: "user", content: "Repeat this, please." }];

/** The least that each vendor's API takes, and a tool in its words. */
const requests: Readonly<
  Record<keyof typeof dialects, { readonly body: JsonObject; readonly tool: JsonObject }>
> = {
  "openai-chat": {
    body: { messages, stream_options: { include_usage: true } },
    tool: { type: "function", function: { name: "weather", parameters } },
  },
  "openai-responses": {
    body: { input: messages },
    tool: { type: "function", name: "weather", parameters, strict: false },
  },
  "anthropic-messages": {
    body: { messages, max_tokens: 1000 },
    tool: { name: "weather", input_schema: parameters },
  },
};

async function ask(dialect: ChatDialect, body: JsonObject, header = ""): Promise<Recorder> {
  const recorder = new Recorder();
  const request = { ...requests[dialect.id].body, ...body };
  if (request["stream"] !== true) delete request["stream_options"];
  simulator(
    {
      method: "POST",
      ...simAddresses[dialect.id],
      headers: { "entente-sim": header },
      body: JSON.stringify(request),
      connectTimeout: 1,
    },
    recorder,
  );
  await recorder.done;
  return recorder;
}

async function answered(dialect: ChatDialect, body: JsonObject, header?: string): Promise<ChatResponse> {
  const recorder = await ask(dialect, body, header);
  expect(recorder.status).toBe(200);
  if (body["stream"] !== true) return dialect.response.decode(recorder.json as JsonObject);
  const parser = new SseParser();
  const decoder = dialect.stream.decoder();
  const collector = new Collector();
  for (const chunk of recorder.chunks)
    for (const frame of parser.push(chunk)) for (const event of decoder.push(frame)) collector.push(event);
  for (const event of decoder.end()) collector.push(event);
  expect([collector.complete, collector.failure]).toEqual([true, undefined]);
  return collector.response();
}

describe.each(Object.values(dialects))("the simulator in $id", (dialect) => {
  describe.each([false, true])("streamed: %s", (stream) => {
    test("echoes, with usage", async () => {
      const answer = await answered(dialect, { model: "sim/echo", stream });
      expect(answer).toMatchObject({
        model: "sim/echo",
        choices: [{ parts: [{ type: "text", text: "Repeat this, please." }], finish: { reason: "stop" } }],
        usage: { inputTokens: 3, outputTokens: 3 },
      });
    });

    test("reasons before it answers", async () => {
      const answer = await answered(dialect, { model: "sim/reasoning", stream }, "reasoning=5, tokens=5");
      const [thought, text] = answer.choices[0]?.parts ?? [];
      expect([thought?.type, text?.type]).toEqual(["reasoning", "text"]);
      expect(thought?.type === "reasoning" ? [thought.text, thought.signature?.value.length] : []).toEqual([
        expect.stringMatching(/^\w+( \w+){4}\.$/),
        44,
      ]);
    });

    test("calls a tool with valid arguments", async () => {
      const tools = [requests[dialect.id].tool];
      const answer = await answered(dialect, { model: "sim/tools", stream, tools }, "tools=2");
      expect(answer.choices[0]).toMatchObject({
        parts: [
          { type: "tool_call", name: "weather", arguments: '{"city":"simulated"}' },
          { type: "tool_call", name: "weather", arguments: '{"city":"simulated"}' },
        ],
        finish: { reason: "tool_calls" },
      });
    });
  });

  test("refuses what it does not understand in the dialect's own error", async () => {
    const recorder = await ask(dialect, { model: "sim/text" }, "colour=1");
    expect(recorder.status).toBe(400);
    const failure = dialect.error.decode(400, recorder.json as JsonObject);
    expect(failure.message).toContain("'colour'");
  });

  test("fails with the status that is asked for", async () => {
    const recorder = await ask(dialect, { model: "sim/text" }, "fail=429, retry-after=1");
    const body = recorder.json;
    expect(recorder.status).toBe(429);
    expect(dialect.error.decode(429, isJsonObject(body) ? body : undefined).code).toBe(
      "provider_rate_limited",
    );
  });

  test("a broken stream is not complete", async () => {
    const recorder = await ask(dialect, { model: "sim/text", stream: true }, "break=4");
    expect(recorder.events.at(-1)).toBe("error");
    expect(new SseParser().push(Buffer.concat(recorder.chunks))).toHaveLength(4);
  });
});

test("thoughts that come back in the next turn are recognised", async () => {
  const first = await ask(anthropicMessages, { model: "sim/reasoning" });
  const { content } = first.json as { readonly content: JsonObject[] };
  const turns = [...messages, { role: "assistant", content }, ...messages];
  const second = await answered(anthropicMessages, { model: "sim/reasoning", messages: turns });
  const text = second.choices[0]?.parts.at(-1);
  expect(text?.type === "text" ? text.text : "").toMatch(/^Recognised 1 of my earlier thoughts\. /);
});

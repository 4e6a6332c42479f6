import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialectIds } from "./clients/all-clients.ts";
import { type OpenGateway, openGateway } from "./open-gateway.ts";

const providers = dialectIds.map((id) => `  as-${id}: {kind: sim, dialects: [${id}]}`).join("\n");
const words = /refusing is all that this simulated model does/;
const messages = [{ role: "user" as const, content: "Do it." }];

let gateway: OpenGateway;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  gateway = await openGateway({ config: `providers:\n${providers}\n` });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 });
});
afterAll(() => gateway.stop());

// Claude refuses in plain text and tells by its stop reason alone, so that a refusal of its is text to the others.
describe.each([
  ["openai-chat", true],
  ["openai-responses", true],
  ["anthropic-messages", false],
])("a model of %s that refuses", (provider, marked) => {
  const model = `as-${provider}/refusal`;

  test("tells OpenAI's chat SDK, whose parse helper gives the refusal", async () => {
    const whole = await openai.chat.completions.create({ model, messages });
    const streamed = await openai.chat.completions.stream({ model, messages }).finalChatCompletion();
    for (const choice of [whole.choices[0], streamed.choices[0]]) {
      expect(choice?.finish_reason).toBe(marked ? "stop" : "content_filter");
      expect(choice?.message[marked ? "refusal" : "content"]).toMatch(words);
    }
    const parsed = openai.chat.completions.parse({ model, messages });
    if (marked)
      expect((await parsed).choices[0]?.message).toMatchObject({ parsed: null, refusal: expect.any(String) });
    else await expect(parsed).rejects.toThrow(/content filter/);
  });

  test("tells OpenAI's responses SDK", async () => {
    const { output, status } = await openai.responses.stream({ model, input: "Do it." }).finalResponse();
    expect(status).toBe("completed");
    const content = output.flatMap((item) => (item.type === "message" ? item.content : []));
    expect(content).toMatchObject([
      marked
        ? { type: "refusal", refusal: expect.stringMatching(words) }
        : { type: "output_text", text: expect.stringMatching(words) },
    ]);
  });

  test("tells Anthropic's SDK by the stop reason", async () => {
    const message = await anthropic.messages.stream({ model, max_tokens: 99, messages }).finalMessage();
    expect(message.stop_reason).toBe("refusal");
    expect(message.content).toMatchObject([{ type: "text", text: expect.stringMatching(words) }]);
  });
});

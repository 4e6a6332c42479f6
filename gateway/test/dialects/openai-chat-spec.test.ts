import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type ErrorCode, errors } from "../../src/core/errors.ts";
import { Fault } from "../../src/core/fault.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { chatRequest } from "./neutral-request.ts";
import { chatEvents, chatResponse } from "./neutral-response.ts";
import { openaiChatProfile } from "./openai-chat-profile.ts";
import { describeSpecification } from "./openai-specification.ts";
import { overTheWire } from "./over-the-wire.ts";
import { answerContext, encodeEvents } from "./streams.ts";

/** Kinds and finish reasons that the specification does not know are verbatim from a vendor: not ours to validate. */
function isKnown(value: unknown): boolean {
  const text = JSON.stringify(value);
  return !text.includes('"vendor"') && !text.includes('"reason":"other"');
}

/** The specification has the custom kind of tool call in whole answers alone, not in chunks. */
function isChunkable(value: unknown): boolean {
  return isKnown(value) && !JSON.stringify(value).includes('"custom":true');
}

describeSpecification(({ takes, expectValid }) => {
  test("refuses what is not right, so that the tests below mean something", () => {
    expect(takes("CreateChatCompletionStreamResponse", { id: "a", choices: [{}] })).toBe(false);
    expect(takes("CreateChatCompletionResponse", { id: "a", choices: [{}] })).toBe(false);
    expect(takes("CreateChatCompletionRequest", { model: "m", messages: [{ role: "oracle" }] })).toBe(false);
    expect(takes("ErrorResponse", { error: { message: "no" } })).toBe(false);
  });

  test("takes every whole answer", () => {
    fc.assert(
      fc.property(chatResponse(openaiChatProfile).filter(isKnown), (response) => {
        expectValid(
          "CreateChatCompletionResponse",
          overTheWire(openaiChat.response.encode(response, answerContext).body),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("takes every chunk of a stream", () => {
    fc.assert(
      fc.property(chatEvents(openaiChatProfile).filter(isChunkable), (events) => {
        const { frames } = encodeEvents(openaiChat, events);
        expect(frames.at(-1)?.data).toBe("[DONE]");
        for (const frame of frames.slice(0, -1)) {
          expectValid("CreateChatCompletionStreamResponse", JSON.parse(frame.data));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("takes every request to OpenAI", () => {
    const sayable = (request: ChatRequest): boolean => isKnown(request);
    fc.assert(
      fc.property(chatRequest(openaiChatProfile).filter(sayable), (request) => {
        const { body } = openaiChat.request.encode(request, { quirks: {} });
        expectValid("CreateChatCompletionRequest", overTheWire(body));
      }),
      { numRuns: 60 },
    );
  });

  test("takes every error body", () => {
    for (const code of Object.keys(errors) as ErrorCode[]) {
      const body = openaiChat.error.encode(new Fault(code, { param: "messages[0]" }), "request-1");
      expectValid("ErrorResponse", overTheWire(body));
    }
  });
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { chatRequest } from "./neutral-request.ts";
import { chatEvents, chatResponse } from "./neutral-response.ts";
import { openaiResponsesProfile } from "./openai-responses-profile.ts";
import { describeSpecification } from "./openai-specification.ts";
import { overTheWire } from "./over-the-wire.ts";
import type { Profile } from "./profile.ts";
import { answerContext, encodeEvents } from "./streams.ts";

/** Without kinds that only the tests have: the specification knows none of them. */
const known: Profile = {
  ...openaiResponsesProfile,
  request: {
    ...openaiResponsesProfile.request,
    // The service takes images without `detail`, and an assistant's messages without `id`; its specification does not.
    userParts: ["text", "file"],
    assistantParts: ["tool_call"],
    resultParts: ["text"],
    citations: ["url"],
    tools: ["function", "custom"],
    toolChoices: ["auto", "none", "required", "tool"],
  },
  response: {
    ...openaiResponsesProfile.response,
    parts: ["text", "reasoning", "refusal", "tool_call"],
    citations: ["url"],
    logprobs: true,
  },
};

describeSpecification(({ expectValid }) => {
  const isOurs = (value: unknown): boolean => !JSON.stringify(value).includes('"vendor"');
  /** Half of the samples hold parts outside the profile. */
  const saysOnly = ({ messages, ...rest }: ChatRequest): boolean =>
    isOurs(rest) &&
    messages.every(({ role, parts }) =>
      parts.every(({ type }) =>
        role === "assistant" ? type === "tool_call" : ["text", "file", "tool_result"].includes(type),
      ),
    );

  test("takes every whole answer", () => {
    fc.assert(
      fc.property(
        chatResponse(known).filter(isOurs),
        chatRequest(known).filter(isOurs),
        (answer, request) => {
          const context = { ...answerContext, request };
          expectValid("Response", overTheWire(openaiResponses.response.encode(answer, context).body));
        },
      ),
      { numRuns: 50 },
    );
  });

  test("takes every frame of a stream", () => {
    fc.assert(
      fc.property(chatEvents(known).filter(isOurs), (events) => {
        for (const frame of encodeEvents(openaiResponses, events).frames) {
          const data = JSON.parse(frame.data) as JsonObject;
          expect(frame.event).toBe(data["type"]);
          expectValid("ResponseStreamEvent", data);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("takes every request to a provider", () => {
    fc.assert(
      fc.property(chatRequest(known).filter(saysOnly), (request) => {
        const { body } = openaiResponses.request.encode(request, { quirks: {} });
        expectValid("CreateResponse", overTheWire(body));
      }),
      { numRuns: 50 },
    );
  });

  test("takes a failure in a stream, and an error body", () => {
    const encoder = openaiResponses.stream.encoder(answerContext);
    encoder.push({ type: "start", id: "x", model: "m" });
    const failure = { code: "provider_overloaded", message: "secret" } as const;
    const [frame] = encoder.push({ type: "error", failure });
    expectValid("ResponseStreamEvent", JSON.parse(frame?.data ?? ""));
    expect(frame?.data).not.toContain("secret");
    const fault = new Fault("provider_stream_broken");
    expectValid("ResponseStreamEvent", JSON.parse(openaiResponses.error.frame(fault, "r").data));
    expectValid("ErrorResponse", openaiResponses.error.encode(fault, "r"));
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestTarget } from "../../src/core/dialect.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { anthropicProfile } from "./anthropic-messages-profile.ts";
import { chatRequest } from "./neutral-request.ts";
import { hasPath } from "./paths.ts";

interface Told {
  readonly request: Partial<ChatRequest>;
  readonly target?: RequestTarget;
  readonly body: JsonObject;
  readonly losses: readonly string[];
}

const budget: RequestTarget = { quirks: { thinking: "budget" } };
const adaptive: RequestTarget = { quirks: { thinking: "adaptive" } };
const tools = [{ type: "function", name: "look" }] as const;
const loop: ChatRequest["messages"] = [
  { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "look", arguments: "{}" }] },
  { role: "tool", parts: [{ type: "tool_result", id: "c", content: [] }] },
];

const cases: Record<string, Told> = {
  "effort alone is adaptive thinking": {
    request: { reasoning: { effort: "high" } },
    body: { thinking: { type: "adaptive" }, output_config: { effort: "high" }, max_tokens: 4096 },
    losses: [],
  },
  "no effort is no thinking": {
    request: { reasoning: { effort: "none" } },
    body: { thinking: { type: "disabled" } },
    losses: [],
  },
  "minimal effort is low, approximately": {
    request: { reasoning: { effort: "minimal" } },
    body: { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    losses: ["reasoning.effort"],
  },
  "effort is a share of the limit where a model knows only budgets": {
    request: { reasoning: { effort: "medium" }, maxOutputTokens: 10_000 },
    target: budget,
    body: { thinking: { type: "enabled", budget_tokens: 5000 }, max_tokens: 10_000 },
    losses: ["reasoning.effort"],
  },
  "a budget is at least 1024": {
    request: { reasoning: { effort: "low" }, maxOutputTokens: 2000 },
    target: budget,
    body: { thinking: { type: "enabled", budget_tokens: 1024 } },
    losses: ["reasoning.effort"],
  },
  "a limit too small for any budget leaves thinking out": {
    request: { reasoning: { effort: "low" }, maxOutputTokens: 500 },
    target: budget,
    body: { max_tokens: 500 },
    losses: ["reasoning.effort", "reasoning"],
  },
  "a budget makes room for the answer where the caller set no limit": {
    request: { reasoning: { mode: "enabled", budgetTokens: 10_000 } },
    body: { thinking: { type: "enabled", budget_tokens: 10_000 }, max_tokens: 14_096 },
    losses: [],
  },
  "a budget stays below the caller's limit": {
    request: { reasoning: { mode: "enabled", budgetTokens: 10_000 }, maxOutputTokens: 3000 },
    body: { thinking: { type: "enabled", budget_tokens: 2999 }, max_tokens: 3000 },
    losses: ["reasoning.budgetTokens"],
  },
  "a budget means nothing to an adaptive model": {
    request: { reasoning: { mode: "enabled", budgetTokens: 2000, effort: "max" } },
    target: adaptive,
    body: { thinking: { type: "adaptive" }, output_config: { effort: "max" } },
    losses: ["reasoning.mode", "reasoning.budgetTokens"],
  },
  "a summary is asked for as display": {
    request: { reasoning: { effort: "low", summary: "detailed" } },
    body: {
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "low" },
    },
    losses: ["reasoning.summary"],
  },
  "while thinking, sampling is the vendor's": {
    request: { reasoning: { effort: "low" }, temperature: 0.2, topP: 0.5, topK: 5 },
    body: { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    losses: ["temperature", "topP", "topK"],
  },
  "a forced call wins over thinking; effort stays": {
    request: {
      reasoning: { effort: "low" },
      tools: [...tools],
      toolChoice: { type: "required" },
      temperature: 0.2,
    },
    body: { tool_choice: { type: "any" }, output_config: { effort: "low" }, temperature: 0.2 },
    losses: ["reasoning"],
  },
  "manual thinking does not begin in the middle of a tool loop": {
    request: { reasoning: { mode: "enabled", budgetTokens: 2000 }, messages: loop },
    body: { max_tokens: 4096 },
    losses: ["reasoning"],
  },
};

describe("the vendor is asked to think as it understands", () => {
  test.each(Object.entries(cases))("%s", (_, { request, target = { quirks: {} }, body, losses }) => {
    const encoded = anthropicMessages.request.encode(
      {
        model: "claude",
        stream: false,
        messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
        ...request,
      },
      target,
    );
    const fields = [
      "thinking",
      "output_config",
      "max_tokens",
      "temperature",
      "top_p",
      "top_k",
      "tool_choice",
    ];
    for (const field of fields) {
      if (field === "max_tokens" && body[field] === undefined) continue;
      expect([field, encoded.body[field]]).toStrictEqual([field, body[field]]);
    }
    expect(new Set(encoded.losses)).toStrictEqual(new Set(losses));
  });
});

const quirks = fc.record(
  { thinking: fc.constantFrom("budget" as const, "adaptive" as const), systemTurns: fc.boolean() },
  { requiredKeys: [] },
);

test("whatever the quirks, a thinking budget fits and every loss names a field of the request", () => {
  fc.assert(
    fc.property(
      chatRequest(anthropicProfile),
      quirks,
      fc.option(fc.integer({ min: 1, max: 50_000 })),
      (request, some, limit) => {
        const native = {
          ...request,
          tools: (request.tools ?? []).filter((tool) => tool.type !== "vendor"),
          messages: request.messages.map((message) => ({
            ...message,
            parts: message.parts.filter((part) => part.type !== "vendor"),
          })),
          toolChoice: { type: "auto" as const },
        };
        const target = {
          quirks: some as RequestTarget["quirks"],
          ...(limit === null ? {} : { maxOutputTokens: limit }),
        };
        const { body, losses } = anthropicMessages.request.encode(native, target);
        for (const loss of losses) expect([loss, hasPath(native, loss)]).toStrictEqual([loss, true]);
        const thinking = body["thinking"] as JsonObject | undefined;
        if (thinking?.["type"] !== "enabled") return;
        expect(thinking["budget_tokens"]).toBeGreaterThanOrEqual(1024);
        expect(thinking["budget_tokens"]).toBeLessThan(Number(body["max_tokens"]));
        expect(body["temperature"] ?? 1).toBe(1);
        expect(body).not.toHaveProperty("top_k");
      },
    ),
    { numRuns: 200 },
  );
});

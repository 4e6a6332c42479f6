import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Collector, collect } from "../../src/core/collect.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import { replay } from "../../src/core/replay.ts";
import { mergeUsage } from "../../src/core/usage.ts";
import { disorder } from "../dialects/event-order.ts";
import { chatEvents, chatResponse } from "../dialects/neutral-response.ts";
import { everything } from "../dialects/profile.ts";

const profile = { dialect: "openai-chat", ...everything } as const;
const start: ChatEvent = { type: "start", id: "a", model: "m" };

describe("collecting a stream", () => {
  test("a replayed answer collects to itself, its events in order", () => {
    fc.assert(
      fc.property(chatResponse(profile), (response) => {
        const events = [...replay(response)];
        expect(disorder(events)).toBeUndefined();
        expect(collect(events)).toStrictEqual(response);
      }),
    );
  });

  test("cut and interleaved events collect to the same answer in order of choices", () => {
    fc.assert(
      fc.property(chatEvents(profile), (events) => {
        expect(disorder(events)).toBeUndefined();
        expect(collect(events).choices.map((choice) => choice.index)).toStrictEqual(
          collect(replay(collect(events))).choices.map((choice) => choice.index),
        );
        expect(collect(replay(collect(events)))).toStrictEqual(collect(events));
      }),
    );
  });

  test("a part sent whole at its end replaces what was accumulated", () => {
    const response = collect([
      start,
      { type: "part_start", choice: 0, index: 0, part: { type: "text", text: "" } },
      { type: "part_delta", choice: 0, index: 0, delta: { kind: "text", text: "draft" } },
      { type: "part_end", choice: 0, index: 0, part: { type: "text", text: "final" } },
      { type: "finish", choice: 0, finish: { reason: "stop" } },
      { type: "end" },
    ]);
    expect(response.choices[0]?.parts).toStrictEqual([{ type: "text", text: "final" }]);
  });

  test("an unfinished stream is not complete and tells what has come", () => {
    const collector = new Collector();
    collector.push(start);
    collector.push({ type: "part_start", choice: 0, index: 0, part: { type: "text", text: "" } });
    collector.push({ type: "part_delta", choice: 0, index: 0, delta: { kind: "text", text: "half" } });
    collector.push({ type: "error", failure: { code: "provider_stream_broken", message: "gone" } });
    expect(collector.complete).toBe(false);
    expect(collector.failure?.code).toBe("provider_stream_broken");
    expect(collector.response().choices).toStrictEqual([
      { index: 0, parts: [{ type: "text", text: "half" }], finish: { reason: "other" } },
    ]);
  });

  test("a hostile summary index costs nothing", () => {
    const response = collect([
      start,
      { type: "part_start", choice: 0, index: 0, part: { type: "reasoning" } },
      { type: "part_delta", choice: 0, index: 0, delta: { kind: "summary", index: 2 ** 52, text: "far" } },
      { type: "part_end", choice: 0, index: 0 },
      { type: "end" },
    ]);
    expect(response.choices[0]?.parts).toStrictEqual([{ type: "reasoning", summary: ["far"] }]);
  });

  test("of two usage reports the later one wins field by field", () => {
    expect(
      mergeUsage(
        { inputTokens: 3, outputTokens: 1, extra: { dialect: "openai-chat", fields: { a: 1 } } },
        { outputTokens: 9, extra: { dialect: "openai-chat", fields: { b: 2 } } },
      ),
    ).toStrictEqual({
      inputTokens: 3,
      outputTokens: 9,
      extra: { dialect: "openai-chat", fields: { a: 1, b: 2 } },
    });
  });
});

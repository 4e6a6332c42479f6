import * as fc from "fast-check";
import type { ChatEvent } from "../../src/core/event.ts";
import { replay } from "../../src/core/replay.ts";
import type { ChatResponse, Choice, Finish } from "../../src/core/response.ts";
import type { Usage } from "../../src/core/usage.ts";
import { anyPart, type PartLimits } from "./neutral-parts.ts";
import { count, defined, draws, extra, maybe, text, word } from "./neutral-values.ts";
import { everything, type Profile } from "./profile.ts";

function finish(profile: Profile): fc.Arbitrary<Finish> {
  return fc.constantFrom(...profile.response.finishes).chain((reason): fc.Arbitrary<Finish> => {
    if (reason === "stop_sequence") return text.map((stopSequence) => ({ reason, stopSequence }));
    if (reason === "other") return word.map((raw) => ({ reason, raw: `x_${raw}` }));
    return fc.constant({ reason });
  });
}

function choice(profile: Profile, wild: boolean, index: number): fc.Arbitrary<Choice> {
  const { response } = profile;
  const limits: PartLimits = {
    ...everything.request,
    dialect: profile.dialect,
    wild,
    cache: false,
    citations: response.citations,
    logprobs: response.logprobs,
    custom: response.custom,
  };
  return fc
    .record({
      index: fc.constant(index),
      parts: fc.uniqueArray(anyPart(limits, response.parts), {
        maxLength: 4,
        selector: (part) =>
          part.type === "tool_call" || part.type === "reasoning" ? (part.id ?? part) : part,
      }),
      finish: finish(profile),
      extra: maybe(response.choiceExtra, extra(profile.dialect, wild), 8),
    })
    .map(defined);
}

/** Both totals known, shares within them. */
function usage(profile: Profile, wild: boolean): fc.Arbitrary<Usage> {
  const may = (field: keyof Usage) => profile.response.usage.some((known) => known === field);
  const share = fc.integer({ min: 0, max: 50 });
  return fc
    .record({
      inputTokens: count.map((tokens) => tokens + 500),
      outputTokens: count.map((tokens) => tokens + 500),
      cacheReadTokens: maybe(may("cacheReadTokens"), share),
      cacheWriteTokens: maybe(may("cacheWriteTokens"), share),
      cacheWriteLongTokens: maybe(may("cacheWriteLongTokens"), share),
      reasoningTokens: maybe(may("reasoningTokens"), share),
      audioInputTokens: maybe(may("audioInputTokens"), share, 6),
      audioOutputTokens: maybe(may("audioOutputTokens"), share, 6),
      extra: maybe(true, extra(profile.dialect, wild), 8),
    })
    .map(
      ({ cacheWriteLongTokens: long, ...some }): Usage =>
        defined({
          ...some,
          cacheWriteLongTokens:
            long === undefined || some.cacheWriteTokens === undefined
              ? undefined
              : Math.min(long, some.cacheWriteTokens),
        }),
    );
}

function within(profile: Profile, wild: boolean): fc.Arbitrary<ChatResponse> {
  const choices = fc
    .integer({ min: 1, max: profile.response.choices })
    .chain((many) => fc.tuple(...Array.from({ length: many }, (_, index) => choice(profile, wild, index))));
  return fc
    .record({
      id: word.map((name) => `answer_${name}`),
      model: word,
      created: maybe(profile.response.created === "kept", count),
      choices,
      usage: maybe(true, usage(profile, wild), 2),
      serviceTier: maybe(profile.response.serviceTier, fc.constantFrom("default", "flex")),
      extra: maybe(true, extra(profile.dialect, wild), 6),
    })
    .map(defined);
}

/** Whole answers in normal form: two of three within what the dialect can say, the rest anything at all. */
export function chatResponse(profile: Profile): fc.Arbitrary<ChatResponse> {
  const { fit } = profile.response;
  const fitting = within(profile, false);
  const samples = fc.oneof(
    { weight: 2, arbitrary: fit === undefined ? fitting : fitting.map((response) => fit(response)) },
    { weight: 1, arbitrary: within({ dialect: profile.dialect, ...everything }, true) },
  );
  // fast-check makes some objects without a prototype; a clone has the usual one.
  return samples.map((sample) => structuredClone(sample));
}

function* cut(event: ChatEvent, at: number): Generator<ChatEvent> {
  if (event.type !== "part_delta" || (event.delta.kind !== "text" && event.delta.kind !== "arguments")) {
    yield event;
    return;
  }
  const { text, ...delta } = event.delta;
  const middle = at % text.length;
  if (text.length < 2 || middle === 0) {
    yield event;
    return;
  }
  // Log probabilities stay with the first piece.
  yield { ...event, delta: { ...delta, text: text.slice(0, middle) } };
  yield { ...event, delta: { kind: event.delta.kind, text: text.slice(middle) } };
}

/** The same answer streamed: deltas cut at random places, the choices' events interleaved at random. */
export function chatEvents(profile: Profile): fc.Arbitrary<ChatEvent[]> {
  return fc.tuple(chatResponse(profile), draws, fc.boolean()).map(([response, random, usageFirst]) => {
    const draw = random();
    const lanes = new Map<number, ChatEvent[]>();
    const outer: ChatEvent[] = [];
    for (const event of replay(response)) {
      if (!("choice" in event)) {
        outer.push(event);
        continue;
      }
      const lane = lanes.get(event.choice) ?? [];
      lane.push(...cut(event, draw(99)));
      lanes.set(event.choice, lane);
    }
    const [start, end] = outer;
    if (start?.type !== "start" || end?.type !== "end") throw new Error("a replay starts and ends");
    const events: ChatEvent[] = [
      usageFirst && response.usage?.inputTokens !== undefined
        ? { ...start, usage: { inputTokens: response.usage.inputTokens } }
        : start,
    ];
    const waiting = [...lanes.values()];
    while (waiting.length > 0) {
      const at = draw(waiting.length);
      const next = waiting[at]?.shift();
      if (next === undefined) waiting.splice(at, 1);
      else events.push(next);
    }
    events.push(end);
    return events;
  });
}

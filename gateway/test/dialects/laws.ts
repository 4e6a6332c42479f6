import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { ChatDialect, Frame } from "../../src/core/dialect.ts";
import { errors } from "../../src/core/errors.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import { Fault } from "../../src/core/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/core/json.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { SseParser } from "../../src/framing/sse-parser.ts";
import { sseText } from "../../src/framing/sse-writer.ts";
import { disorder } from "./event-order.ts";
import { mutated } from "./mutated.ts";
import { chatRequest } from "./neutral-request.ts";
import { chatEvents, chatResponse } from "./neutral-response.ts";
import { type Draw, draws, json } from "./neutral-values.ts";
import { overTheWire } from "./over-the-wire.ts";
import { hasPath } from "./paths.ts";
import type { Profile } from "./profile.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

/** ENTENTE_LAW_RUNS asks for more samples than a quick run has. */
const runs = { numRuns: Number(process.env["ENTENTE_LAW_RUNS"] ?? 120) };
const fewerRuns = { numRuns: Math.ceil(runs.numRuns / 3) };
/** At least this share of the samples must have been said without loss, so that the law is not about nothing. */
const leastLossless = 0.3;

function foreignToVendor(request: ChatRequest, dialect: ChatDialect): boolean {
  const foreign = (one: { readonly type: string; readonly origin?: string }) =>
    one.type === "vendor" && one.origin !== dialect.id;
  return (
    (request.tools ?? []).some(foreign) ||
    (request.toolChoice !== undefined && foreign(request.toolChoice)) ||
    request.messages.some((message) => message.parts.some(foreign))
  );
}

function expectFieldsOf(neutral: unknown, losses: readonly string[]): void {
  for (const loss of losses) expect(hasPath(neutral, loss), `loss '${loss}' names a field`).toBe(true);
}

/** Every sample said in full is told apart from those said with losses; the share of the first is the law's worth. */
class Tally {
  #all = 0;
  #lossless = 0;

  count(lossless: boolean): void {
    this.#all += 1;
    if (lossless) this.#lossless += 1;
  }

  expectWorth(): void {
    expect(this.#lossless / this.#all).toBeGreaterThanOrEqual(leastLossless);
  }
}

/** What comes back of an answer: `created` is invented or unsayable where the profile says so. */
function comparable(response: ChatResponse, profile: Profile): ChatResponse {
  const { created, ...rest } = profile.response.back?.(response) ?? response;
  return profile.response.created === "unsayable" ? rest : { ...rest, created: created ?? answerContext.now };
}

function expectOnlyFault(action: () => unknown, code: string): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.code).toBe(code);
  }
}

function cutBytes(frames: readonly Frame[], cuts: readonly number[]): Frame[] {
  const bytes = Buffer.from(frames.map(sseText).join(""));
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other);
  const parser = new SseParser();
  const parsed: Frame[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    parsed.push(...parser.push(bytes.subarray(from, place)));
    from = place;
  }
  return parsed;
}

/** The laws of docs/design: what a dialect says comes back, what it cannot say is listed, and bad input is a Fault. */
export function describeDialectLaws(dialect: ChatDialect, profile: Profile): void {
  const { target = { quirks: {} }, told = (request: ChatRequest) => request } = profile.request;
  describe(`${dialect.id} keeps the laws`, () => {
    test("a request comes back as it was, or the losses name what was left out", () => {
      const tally = new Tally();
      fc.assert(
        fc.property(chatRequest(profile), (request) => {
          let encoded: { body: JsonObject; losses: readonly string[] };
          try {
            encoded = dialect.request.encode(request, target);
          } catch (error) {
            if (!(error instanceof Fault) || error.code !== "vendor_only") throw error;
            expect(foreignToVendor(request, dialect)).toBe(true);
            tally.count(false);
            return;
          }
          tally.count(encoded.losses.length === 0);
          expectFieldsOf(request, encoded.losses);
          const back = dialect.request.decode(overTheWire(encoded.body));
          if (encoded.losses.length === 0) expect(back).toStrictEqual(told(request));
        }),
        runs,
      );
      tally.expectWorth();
    });

    test("a peek agrees with the whole request", () => {
      fc.assert(
        fc.property(chatRequest(profile), (request) => {
          fc.pre(!foreignToVendor(request, dialect));
          const body = overTheWire(dialect.request.encode(request, target).body);
          const peek = dialect.request.peek(body);
          const whole = dialect.request.decode(body);
          expect(peek.model).toBe(whole.model);
          expect(peek.stream).toBe(whole.stream);
          expect(peek.streamUsage).toBe(whole.streamUsage);
          expect(peek.maxOutputTokens).toBe(whole.maxOutputTokens);
          expect(peek.n).toBe(whole.n);
          const has = (type: string) =>
            whole.messages.some((message) => message.parts.some((part) => part.type === type));
          const ownTools = (whole.tools ?? []).some((tool) => tool.type !== "vendor");
          if (has("image")) expect(peek.features).toContain("image");
          if (has("audio")) expect(peek.features).toContain("audio");
          if (has("file")) expect(peek.features).toContain("file");
          if (ownTools) expect(peek.features).toContain("tools");
          if (whole.responseFormat?.type === "json_schema") expect(peek.features).toContain("json_schema");
        }),
        runs,
      );
    });

    test("an answer comes back as it was, or the losses name what was left out", () => {
      const tally = new Tally();
      fc.assert(
        fc.property(chatResponse(profile), (response) => {
          const { body, losses } = dialect.response.encode(response, answerContext);
          tally.count(losses.length === 0);
          expectFieldsOf(response, losses);
          const back = dialect.response.decode(overTheWire(body));
          if (losses.length === 0) {
            expect(comparable(back, profile)).toStrictEqual(comparable(response, profile));
          }
        }),
        runs,
      );
      tally.expectWorth();
    });

    test("a stream comes back as it was, or the losses name what was left out", () => {
      const tally = new Tally();
      fc.assert(
        fc.property(chatEvents(profile), (events) => {
          const { frames, losses } = encodeEvents(dialect, events);
          const response = collect(events);
          tally.count(losses.length === 0);
          expectFieldsOf(response, losses);
          const back = decodeFrames(dialect, frames);
          expect(disorder(back)).toBeUndefined();
          if (losses.length === 0) {
            expect(comparable(collect(back), profile)).toStrictEqual(comparable(response, profile));
          }
        }),
        runs,
      );
      tally.expectWorth();
    });

    test("any split of a stream's bytes gives the same events", () => {
      fc.assert(
        fc.property(chatEvents(profile), fc.array(fc.nat(), { maxLength: 20 }), (events, cuts) => {
          const { frames } = encodeEvents(dialect, events);
          expect(decodeFrames(dialect, cutBytes(frames, cuts))).toStrictEqual(decodeFrames(dialect, frames));
        }),
        fewerRuns,
      );
    });

    test("a stream that is cut short ends in an error, encoded and decoded", () => {
      fc.assert(
        fc.property(chatEvents(profile), fc.nat(), (events, at) => {
          const { frames } = encodeEvents(dialect, events);
          const cut = decodeFrames(dialect, frames.slice(0, at % frames.length));
          expect(cut.at(-1)?.type).toBe("error");
          const unended = encodeEvents(dialect, events.slice(0, -1)).frames;
          const last = decodeFrames(dialect, unended).at(-1);
          expect(last?.type).toBe("error");
        }),
        fewerRuns,
      );
    });

    test("a request that was tampered with is decoded or refused as invalid_request", () => {
      fc.assert(
        fc.property(
          chatRequest(profile).filter((request) => !foreignToVendor(request, dialect)),
          draws,
          json,
          (request, random, junk) => {
            const { body } = dialect.request.encode(request, target);
            const bad = mutated(overTheWire(body), random(), junk) as JsonObject;
            expectOnlyFault(() => dialect.request.peek(bad), "invalid_request");
            expectOnlyFault(() => dialect.request.decode(bad), "invalid_request");
          },
        ),
        runs,
      );
    });

    test("an answer that was tampered with is decoded or refused as provider_bad_answer", () => {
      fc.assert(
        fc.property(chatResponse(profile), draws, json, (response, random, junk) => {
          const { body } = dialect.response.encode(response, answerContext);
          const bad = mutated(overTheWire(body), random(), junk) as JsonObject;
          expectOnlyFault(() => dialect.response.decode(bad), "provider_bad_answer");
          dialect.stream.usage(bad);
          expect(Object.keys(errors)).toContain(dialect.error.decode(500, bad).code);
        }),
        runs,
      );
    });

    test("a stream that was tampered with never throws and keeps its order", () => {
      fc.assert(
        fc.property(chatEvents(profile), draws, json, (events, random, junk) => {
          const { frames } = encodeEvents(dialect, events);
          const draw = random();
          const at = draw(frames.length);
          const bad = frames.map((frame, index) => (index === at ? mutatedFrame(frame, draw, junk) : frame));
          expect(disorder(decodeFrames(dialect, bad))).toBeUndefined();
        }),
        runs,
      );
    });

    test("junk is never an answer and never crashes", () => {
      fc.assert(
        fc.property(json, fc.string(), fc.integer({ min: 100, max: 599 }), (junk, data, status) => {
          const events: ChatEvent[] = decodeFrames(dialect, [{ data }, { data: JSON.stringify(junk) }]);
          expect(events.at(-1)?.type).toBe("error");
          expect(Object.keys(errors)).toContain(dialect.error.decode(status, undefined).code);
          if (!isJsonObject(junk)) return;
          expectOnlyFault(() => dialect.request.decode(junk), "invalid_request");
          expectOnlyFault(() => dialect.response.decode(junk), "provider_bad_answer");
          expect(Object.keys(errors)).toContain(dialect.error.decode(status, junk).code);
        }),
        runs,
      );
    });

    test("a field named __proto__ is only a field", () => {
      const { body } = dialect.request.encode(answerContext.request, target);
      const hostile = JSON.parse(
        `${JSON.stringify(body).slice(0, -1)},"__proto__":{"polluted":true}}`,
      ) as JsonObject;
      const decoded = dialect.request.decode(hostile);
      dialect.request.encode(decoded, target);
      expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
      expect(Reflect.get({}, "polluted")).toBeUndefined();
      expect(Reflect.get(decoded, "polluted")).toBeUndefined();
    });

    test("every error has a body and a frame in the dialect's own shape", () => {
      for (const code of Object.keys(errors) as (keyof typeof errors)[]) {
        const fault = new Fault(code);
        const body = dialect.error.encode(fault, "request-1");
        const read = dialect.error.decode(fault.entry.status, overTheWire(body));
        expect(read.message).toContain(fault.entry.sentence);
        const events = decodeFrames(dialect, [dialect.error.frame(fault, "request-1")]);
        expect(events.at(-1)).toMatchObject({ type: "error" });
      }
    });
  });
}

function mutatedFrame(frame: Frame, draw: Draw, junk: Json): Frame {
  if (draw(4) === 0) {
    return { ...frame, data: frame.data.slice(0, draw(frame.data.length + 1)) };
  }
  let data: Json;
  try {
    data = JSON.parse(frame.data) as Json;
  } catch {
    return { ...frame, data: JSON.stringify(junk) };
  }
  return { ...frame, data: JSON.stringify(mutated(data, draw, junk)) };
}

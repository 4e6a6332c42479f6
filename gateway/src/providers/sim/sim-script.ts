import type { AnswerContext, ChatDialect, StreamEncoder } from "../../core/dialect.ts";
import type { ChatEvent } from "../../core/event.ts";
import type { ChatResponse } from "../../core/response.ts";
import { sseText } from "../../framing/sse-writer.ts";
import type { UpstreamHeaders } from "../upstream.ts";
import type { Step } from "./sim-call.ts";
import { simEvents } from "./sim-events.ts";
import type { SimSettings } from "./sim-settings.ts";

const batch = 16 * 1024;

/** Headers of everything that the simulator says; the first one keeps it honest. */
export function simHeaders(contentType: string): UpstreamHeaders {
  return { "entente-simulated": "true", "content-type": contentType };
}

/** A whole answer: all of it once its last token would have been written. */
export function* wholeScript(body: string, outputTokens: number, settings: SimSettings): Generator<Step> {
  const writing = settings.rate === 0 ? 0 : (outputTokens * 1000) / settings.rate;
  yield { type: "wait", until: settings.latency + writing };
  if (settings.break === 0) yield { type: "reset" };
  if (settings.stall === 0) yield { type: "stall" };
  yield { type: "head", status: 200, headers: simHeaders("application/json") };
  const bytes = Buffer.from(body);
  const broken = settings.break ?? settings.stall;
  yield* dataSteps(broken === undefined ? bytes : bytes.subarray(0, bytes.length >> 1));
  if (settings.break !== undefined) yield { type: "reset" };
  else if (settings.stall !== undefined) yield { type: "stall" };
  else yield { type: "end" };
}

/** A stream of events, at its rate. `break` and `stall` count the frames that are sent before. */
export function* streamScript(
  answer: ChatResponse,
  dialect: ChatDialect,
  context: AnswerContext,
  settings: SimSettings,
): Generator<Step> {
  yield { type: "wait", until: settings.latency };
  if (settings.break === 0) yield { type: "reset" };
  if (settings.stall === 0) yield { type: "stall" };
  yield { type: "head", status: 200, headers: simHeaders("text/event-stream; charset=utf-8") };
  const encoder = dialect.stream.encoder(context);
  const stop = settings.break ?? settings.stall ?? Number.POSITIVE_INFINITY;
  let text = "";
  let frames = 0;
  let deltas = 0;
  for (const event of simEvents(answer, settings.chunk)) {
    if (settings.rate > 0 && isPaced(event)) {
      if (text !== "") yield { type: "data", bytes: Buffer.from(text) };
      text = "";
      yield { type: "wait", until: settings.latency + (deltas * settings.chunk * 1000) / settings.rate };
      deltas += 1;
    }
    for (const frame of encodedFrames(encoder, event)) {
      text += frame;
      frames += 1;
      if (frames === stop) {
        yield { type: "data", bytes: Buffer.from(text) };
        yield { type: settings.break === undefined ? "stall" : "reset" };
      }
    }
    if (text.length >= batch) {
      yield { type: "data", bytes: Buffer.from(text) };
      text = "";
    }
  }
  if (text !== "") yield { type: "data", bytes: Buffer.from(text) };
  yield { type: "end" };
}

/** A failure in the dialect's own words. */
export function* errorScript(
  status: number,
  body: string,
  settings: SimSettings | undefined,
): Generator<Step> {
  if (settings !== undefined) yield { type: "wait", until: settings.latency };
  const headers = simHeaders("application/json");
  yield {
    type: "head",
    status,
    headers:
      settings?.retryAfter === undefined ? headers : { ...headers, "retry-after": `${settings.retryAfter}` },
  };
  yield { type: "data", bytes: Buffer.from(body) };
  yield { type: "end" };
}

export function* dataSteps(bytes: Uint8Array): Generator<Step> {
  for (let at = 0; at < bytes.length; at += batch)
    yield { type: "data", bytes: bytes.subarray(at, at + batch) };
}

function isPaced(event: ChatEvent): boolean {
  return event.type === "part_delta" && event.delta.kind !== "signature";
}

function encodedFrames(encoder: StreamEncoder, event: ChatEvent): string[] {
  return encoder.push(event).map(sseText);
}

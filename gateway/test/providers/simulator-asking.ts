import { beforeEach, expect } from "vitest";
import { Collector } from "../../src/core/collect.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import type { Part } from "../../src/core/part.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { SseParser } from "../../src/framing/sse-parser.ts";
import { simAddresses } from "../../src/providers/sim/sim-address.ts";
import { createSimulator } from "../../src/providers/sim/simulator.ts";
import type { Transport, UpstreamHandle } from "../../src/providers/upstream.ts";
import { ManualClock } from "../manual-clock.ts";
import { neutralDialect } from "./neutral-dialect.ts";
import { Recorder } from "./recorder.ts";

export let clock: ManualClock;
export let simulator: Transport;
let luck: number;

beforeEach(() => {
  clock = new ManualClock();
  luck = 0.5;
  let next = 0;
  simulator = createSimulator({
    clock,
    random: () => luck,
    token: (length) => `${(next += 1)}`.padStart(length, "0"),
    dialects: {
      "openai-chat": neutralDialect("openai-chat"),
      "openai-responses": neutralDialect("openai-responses"),
      "anthropic-messages": neutralDialect("anthropic-messages"),
    },
  });
});

export type Ask = Partial<ChatRequest> & { readonly header?: string };

export const hello: ChatRequest["messages"] = [
  { role: "user", parts: [{ type: "text", text: "Say héllo 🎉, twice." }] },
];

export function begin({ header, ...request }: Ask): {
  readonly recorder: Recorder;
  readonly handle: UpstreamHandle;
} {
  const recorder = new Recorder();
  const handle = simulator(
    {
      method: "POST",
      ...simAddresses["openai-chat"],
      headers: header === undefined ? {} : { "entente-sim": header },
      body: JSON.stringify({ model: "sim/text", stream: false, messages: hello, ...request }),
      connectTimeout: 1000,
    },
    recorder,
  );
  return { recorder, handle };
}

export async function heard(ask: Ask, milliseconds = 0): Promise<Recorder> {
  const { recorder } = begin(ask);
  expect(recorder.events).toEqual([]);
  await clock.advance(milliseconds);
  return recorder;
}

export async function answered(ask: Ask): Promise<ChatResponse> {
  const recorder = await heard(ask);
  expect(recorder.status).toBe(200);
  expect(recorder.events.at(-1)).toBe("end");
  return recorder.json as ChatResponse;
}

export async function textAnswered(ask: Ask): Promise<string> {
  const part = (await answered(ask)).choices[0]?.parts.at(-1);
  return part?.type === "text" ? part.text : `no text: ${JSON.stringify(part)}`;
}

export function eventsOf(recorder: Recorder): ChatEvent[] {
  const parser = new SseParser();
  return recorder.chunks
    .flatMap((chunk) => parser.push(chunk))
    .map((frame) => JSON.parse(frame.data) as ChatEvent);
}

/** The whole parts that a stream of events makes. */
export function gathered(events: readonly ChatEvent[]): readonly Part[] {
  const collector = new Collector();
  for (const event of events) collector.push(event);
  return collector.response().choices[0]?.parts ?? [];
}

/** What the simulator draws when it asks whether a call is among those that fail. */
export function drawLuck(value: number): void {
  luck = value;
}

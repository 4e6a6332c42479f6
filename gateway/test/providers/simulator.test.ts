import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Collector } from "../../src/core/collect.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import type { Part } from "../../src/core/part.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import type { ChatResponse } from "../../src/core/response.ts";
import { SseParser } from "../../src/framing/sse-parser.ts";
import { simAddresses } from "../../src/providers/sim/sim-address.ts";
import { createSimulator } from "../../src/providers/sim/simulator.ts";
import type { Transport, UpstreamHandle } from "../../src/providers/upstream.ts";
import { ManualClock } from "./manual-clock.ts";
import { neutralDialect } from "./neutral-dialect.ts";
import { Recorder } from "./recorder.ts";

let clock: ManualClock;
let luck: number;
let simulator: Transport;

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

type Ask = Partial<ChatRequest> & { readonly header?: string };

const hello: ChatRequest["messages"] = [
  { role: "user", parts: [{ type: "text", text: "Say héllo 🎉, twice." }] },
];

function begin({ header, ...request }: Ask): {
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

async function heard(ask: Ask, milliseconds = 0): Promise<Recorder> {
  const { recorder } = begin(ask);
  expect(recorder.events).toEqual([]);
  await clock.advance(milliseconds);
  return recorder;
}

async function answered(ask: Ask): Promise<ChatResponse> {
  const recorder = await heard(ask);
  expect(recorder.status).toBe(200);
  expect(recorder.events.at(-1)).toBe("end");
  return recorder.json as ChatResponse;
}

async function textAnswered(ask: Ask): Promise<string> {
  const part = (await answered(ask)).choices[0]?.parts.at(-1);
  return part?.type === "text" ? part.text : `no text: ${JSON.stringify(part)}`;
}

function eventsOf(recorder: Recorder): ChatEvent[] {
  const parser = new SseParser();
  return recorder.chunks
    .flatMap((chunk) => parser.push(chunk))
    .map((frame) => JSON.parse(frame.data) as ChatEvent);
}

/** The whole parts that a stream of events makes. */
function gathered(events: readonly ChatEvent[]): readonly Part[] {
  const collector = new Collector();
  for (const event of events) collector.push(event);
  return collector.response().choices[0]?.parts ?? [];
}

describe("every answer", () => {
  test.each(["sim/echo", "sim/text?nonsense=html", "sim/unknown", "sim/text?fail=500"])(
    "says that it is simulated: %s",
    async (model) => {
      expect((await heard({ model })).headers["entente-simulated"]).toBe("true");
    },
  );

  test("is the same for the same question, and another for another seed", async () => {
    const first = await textAnswered({ seed: 7 });
    expect(await textAnswered({ seed: 7 })).toBe(first);
    expect(await textAnswered({ seed: 8 })).not.toBe(first);
  });

  test("streamed has the same parts and usage as whole", async () => {
    for (const model of ["echo", "text", "reasoning", "tools", "json", "refusal", "image-aware"]) {
      const ask: Ask = { model, tools: [{ type: "function", name: "f" }] };
      const whole = await answered(ask);
      const events = eventsOf(await heard({ ...ask, stream: true }));
      const bare = (parts: readonly Part[]): unknown =>
        parts.map((part) => ({ ...part, ...("id" in part ? { id: "x" } : {}) }));
      expect(bare(gathered(events))).toEqual(bare(whole.choices[0]?.parts ?? []));
      expect(events.at(-1)).toEqual({ type: "end", usage: whole.usage });
      expect(events.at(-2)).toEqual({ type: "finish", choice: 0, finish: whole.choices[0]?.finish });
    }
  });

  test("counts its tokens: text as long as asked for", async () => {
    const { usage } = await answered({ model: "sim/text?tokens=300&cached=2" });
    expect(usage).toEqual({ inputTokens: 4, outputTokens: 300, cacheReadTokens: 2 });
    expect((await answered({ model: "sim/text?usage=off" })).usage).toBeUndefined();
  });
});

describe("models", () => {
  test("echo repeats the last user text, whatever it is and however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.integer({ min: 1, max: 9 }),
        async (text, chunk) => {
          const messages: ChatRequest["messages"] = [
            ...hello,
            { role: "user", parts: [{ type: "text", text }] },
          ];
          const events = eventsOf(
            await heard({ model: "echo", messages, stream: true, header: `chunk=${chunk}` }),
          );
          const part = gathered(events)[0];
          expect(part?.type === "text" ? part.text : undefined).toBe(text);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("reasoning thinks first and knows its own thoughts again by text and signature", async () => {
    const first = (await answered({ model: "sim/reasoning" })).choices[0]?.parts ?? [];
    expect(first.map((part) => part.type)).toEqual(["reasoning", "text"]);
    const turn = (parts: readonly Part[]): Ask => ({
      model: "sim/reasoning",
      messages: [...hello, { role: "assistant", parts }, ...hello],
    });
    expect(await textAnswered(turn(first))).toMatch(/^Recognised 1 of my earlier thoughts\. /);
    const spoiled = first.map((part) => (part.type === "reasoning" ? { ...part, text: "changed" } : part));
    expect(await textAnswered(turn(spoiled))).not.toMatch(/Recognised/);
  });

  test("reasoning is counted as its share of the output", async () => {
    const { usage } = await answered({ model: "sim/text?reasoning=10&tokens=5" });
    expect(usage).toMatchObject({ outputTokens: 15, reasoningTokens: 10 });
  });

  const tools: NonNullable<ChatRequest["tools"]> = [
    {
      type: "function",
      name: "first",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
    { type: "custom", name: "second" },
  ];

  test("tools calls the first tool, then quotes what it answered", async () => {
    const call = (await answered({ model: "sim/tools", tools })).choices[0];
    expect(call?.finish).toEqual({ reason: "tool_calls" });
    expect(call?.parts).toMatchObject([
      { type: "tool_call", name: "first", arguments: '{"city":"simulated"}' },
    ]);
    const result: Part = { type: "tool_result", id: "x", content: [{ type: "text", text: "22 °C" }] };
    const messages: ChatRequest["messages"] = [...hello, { role: "tool", parts: [result] }];
    expect(await textAnswered({ model: "sim/tools", tools, messages })).toBe("The tool answered: 22 °C");
  });

  test("any model calls the tool that is forced, and as many as the settings say", async () => {
    const forced = await answered({ model: "sim/echo", tools, toolChoice: { type: "tool", name: "second" } });
    expect(forced.choices[0]?.parts).toMatchObject([{ name: "second", custom: true }]);
    expect((await answered({ tools, toolChoice: { type: "required" } })).choices[0]?.parts).toHaveLength(1);
    const many = (await answered({ model: "sim/text?tools=3", tools })).choices[0]?.parts ?? [];
    expect(many.map((part) => part.type === "tool_call" && part.name)).toEqual(["first", "second", "first"]);
    expect(new Set(many.map((part) => part.type === "tool_call" && part.id)).size).toBe(3);
    const single = await answered({ model: "sim/text?tools=3", tools, parallelToolCalls: false });
    expect(single.choices[0]?.parts).toHaveLength(1);
    expect(await textAnswered({ model: "sim/tools", tools, toolChoice: { type: "none" } })).toMatch(
      /no tool/,
    );
  });

  test("a tool that is not offered is refused", async () => {
    const refused = await heard({ tools, toolChoice: { type: "tool", name: "third" } });
    expect([refused.status, refused.json]).toMatchObject([
      400,
      { code: "invalid_request", param: "tool_choice" },
    ]);
  });

  test("any model answers in the format that is asked for", async () => {
    const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    for (const model of ["sim/text", "sim/json", "sim/refusal"])
      expect(await textAnswered({ model, responseFormat: { type: "json_schema", schema } })).toBe('{"n":1}');
    expect(JSON.parse(await textAnswered({ responseFormat: { type: "json_object" } }))).toMatchObject({
      simulated: true,
    });
  });

  test("refusal refuses", async () => {
    const [choice] = (await answered({ model: "sim/refusal" })).choices;
    expect(choice).toMatchObject({ parts: [{ type: "refusal" }], finish: { reason: "refusal" } });
  });

  test("image-aware tells every attachment by kind, size and digest", async () => {
    const parts: Part[] = [
      { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AAEC" } },
      { type: "file", source: { kind: "text", mediaType: "text/plain", text: "abc" } },
      { type: "image", source: { kind: "url", url: "https://example.com/a.png" } },
    ];
    // sha256sum of the bytes 00 01 02, of "abc", and of the URL.
    expect(await textAnswered({ model: "sim/image-aware", messages: [{ role: "user", parts }] })).toBe(
      "Received 3 attachments. 1: image image/png, 3 bytes, sha256 ae4b3280e56e2faf. " +
        "2: file text/plain, 3 bytes, sha256 ba7816bf8f01cfea. 3: image by URL, 25 bytes, sha256 494a30704d4f32ac.",
    );
  });

  test("an unknown one is told with those that there are", async () => {
    const answer = await heard({ model: "sim/gpt" });
    expect([answer.status, answer.json]).toMatchObject([404, { code: "model_not_found" }]);
    expect(answer.text).toContain("sim/echo");
  });
});

describe("the caller's limits", () => {
  test("the output limit cuts text, thoughts and arguments", async () => {
    expect(await answered({ maxOutputTokens: 5 })).toMatchObject({
      choices: [{ finish: { reason: "length" } }],
      usage: { outputTokens: 5 },
    });
    const thinking = await answered({ model: "sim/reasoning", maxOutputTokens: 3 });
    expect(thinking.choices[0]?.parts).toHaveLength(1);
    expect(thinking.choices[0]?.finish).toEqual({ reason: "length" });
  });

  test("the first stop sequence ends the text", async () => {
    expect(await answered({ model: "sim/echo", stop: ["twice", "héllo"] })).toMatchObject({
      choices: [{ parts: [{ text: "Say " }], finish: { reason: "stop_sequence", stopSequence: "héllo" } }],
    });
  });

  test("n answers differ, and log probabilities are one for each token", async () => {
    const { choices } = await answered({ n: 2, logprobs: { top: 2 }, model: "sim/text?tokens=4" });
    expect(choices.map((choice) => choice.index)).toEqual([0, 1]);
    const [first, second] = choices.map((choice) => choice.parts[0]);
    expect(first).not.toEqual(second);
    if (first?.type !== "text") throw new Error("no text");
    expect(first.logprobs?.map((entry) => entry.token).join("")).toBe(first.text);
    expect(first.logprobs?.map((entry) => entry.top?.length)).toEqual([2, 2, 2, 2]);
    const streamed = eventsOf(await heard({ stream: true, logprobs: {}, header: "chunk=3, tokens=4" }));
    const counts = streamed.flatMap((event) =>
      event.type === "part_delta" && event.delta.kind === "text" ? [event.delta.logprobs?.length] : [],
    );
    expect(counts).toEqual([3, 1]);
  });
});

describe("pace", () => {
  test("latency holds the head back, then tokens come at their rate", async () => {
    const { recorder } = begin({ stream: true, header: "latency=200, rate=50, tokens=10" });
    const deltas = (): number => eventsOf(recorder).filter((event) => event.type === "part_delta").length;
    await clock.advance(199);
    expect(recorder.events).toEqual([]);
    await clock.advance(1);
    expect([recorder.status, deltas()]).toEqual([200, 1]);
    await clock.advance(20);
    expect(deltas()).toBe(2);
    await clock.advance(99);
    expect(deltas()).toBe(6);
    await clock.advance(61);
    expect(deltas()).toBe(10);
    expect(recorder.events.at(-1)).toBe("end");
    expect(clock.pending).toBe(0);
  });

  test("a whole answer comes when its last token would have", async () => {
    const { recorder } = begin({ header: "latency=100, rate=100, tokens=50" });
    await clock.advance(599);
    expect(recorder.events).toEqual([]);
    await clock.advance(1);
    expect(recorder.events.at(-1)).toBe("end");
  });

  test("without a rate a stream that is not read stands still, with nothing piling up", async () => {
    const { recorder, handle } = begin({ stream: true, header: "tokens=50000" });
    recorder.onChunk = () => handle.pause();
    await clock.advance(1000);
    expect(recorder.events).toEqual(["head", "data"]);
    expect(recorder.bytes).toBeLessThan(32 * 1024);
    expect(clock.pending).toBe(0);
    handle.resume();
    await clock.advance(0);
    expect(recorder.events).toEqual(["head", "data", "data"]);
    recorder.onChunk = undefined;
    handle.resume();
    handle.resume();
    await clock.advance(0);
    expect(recorder.events.at(-1)).toBe("end");
    expect(gathered(eventsOf(recorder))[0]).toMatchObject({ type: "text" });
  });

  test("an aborted call is silent and leaves no timer", async () => {
    const { recorder, handle } = begin({ stream: true, header: "latency=10, rate=10" });
    await clock.advance(500);
    const before = recorder.events.length;
    handle.abort();
    expect(clock.pending).toBe(0);
    handle.resume();
    await clock.advance(10_000);
    expect(recorder.events.length).toBe(before);
  });

  test("aborted before it begins, it says nothing", async () => {
    const { recorder, handle } = begin({});
    handle.abort();
    await clock.advance(10);
    expect(recorder.events).toEqual([]);
  });
});

describe("faults", () => {
  test("fail answers with the status, the dialect's error and retry-after, after the latency", async () => {
    const { recorder } = begin({ header: "fail=503, retry-after=2, latency=50" });
    await clock.advance(49);
    expect(recorder.events).toEqual([]);
    await clock.advance(1);
    expect(recorder.status).toBe(503);
    expect(recorder.headers["retry-after"]).toBe("2");
    expect(recorder.json).toMatchObject({ code: "provider_overloaded" });
  });

  test("fail-rate fails that share of the calls", async () => {
    luck = 0.29;
    expect((await heard({ header: "fail-rate=0.3" })).status).toBe(503);
    luck = 0.3;
    expect((await heard({ header: "fail-rate=0.3" })).status).toBe(200);
  });

  test("break resets the connection after so many events, or before the head", async () => {
    const broken = await heard({ stream: true, header: "break=12" });
    expect(eventsOf(broken)).toHaveLength(12);
    expect(broken.events.at(-1)).toBe("error");
    expect((await heard({ stream: true, header: "break=0" })).events).toEqual(["error"]);
    const whole = await heard({ header: "break=1" });
    expect(whole.events).toEqual(["head", "data", "error"]);
    expect(() => whole.json).toThrow(SyntaxError);
  });

  test("stall sends so many events and then nothing, with the call still open", async () => {
    const stalled = await heard({ stream: true, header: "stall=5" }, 3_600_000);
    expect(eventsOf(stalled)).toHaveLength(5);
    expect(stalled.events.at(-1)).toBe("data");
    expect((await heard({ header: "stall=0" }, 3_600_000)).events).toEqual([]);
  });

  test("html and error-200 come with status 200", async () => {
    const html = await heard({ stream: true, header: "nonsense=html" });
    expect([html.status, html.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const error = await heard({ stream: true, header: "nonsense=error-200" });
    expect([error.status, error.json]).toMatchObject([200, { code: "provider_unavailable" }]);
  });

  test("truncated ends cleanly in the middle", async () => {
    const whole = await heard({ header: "nonsense=truncated" });
    expect(whole.events.at(-1)).toBe("end");
    expect(() => whole.json).toThrow(SyntaxError);
    const stream = await heard({ stream: true, header: "nonsense=truncated, rate=10" }, 60_000);
    expect(stream.events.at(-1)).toBe("end");
    expect(eventsOf(stream).some((event) => event.type === "end")).toBe(false);
  });

  test.each([true, false])("invalid-utf8 has bytes that no text has, stream %s", async (stream) => {
    const answer = await heard({ stream, header: "nonsense=invalid-utf8" });
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(answer.chunks))).toThrow(
      TypeError,
    );
    expect(answer.events.at(-1)).toBe("end");
  });

  test("giant is one frame of 64 MiB that can be stopped at any point", async () => {
    const { recorder, handle } = begin({ stream: true, header: "nonsense=giant" });
    recorder.onChunk = () => {
      if (recorder.bytes > 1024 * 1024) handle.abort();
    };
    await clock.advance(0);
    expect(recorder.bytes).toBeLessThan(1024 * 1024 + 128 * 1024);
    expect(recorder.chunks.some((chunk) => chunk.includes("\n"))).toBe(false);
  });
});

describe("what it refuses", () => {
  test.each([
    ["colour=1", "'colour'"],
    ["latency=soon", "'latency' takes a number from 0 to 600000"],
    ["latency", "'latency'"],
    ["latency=-1", "'latency'"],
    ["tokens=1.5", "'tokens' takes a whole number"],
    ["chunk=0", "'chunk'"],
    ["usage=maybe", "'usage' takes `on` or `off`"],
    ["nonsense=cheese", "'nonsense' takes one of html"],
    ["__proto__=1", "'__proto__'"],
  ])("the setting %s, by name", async (header, message) => {
    const answer = await heard({ header });
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { code: "invalid_request", param: "entente-sim" },
    ]);
    expect(answer.text).toContain(message);
    const named = await heard({ model: `sim/text?${header}` });
    expect(named.json).toMatchObject({ param: "model" });
  });

  test("the header wins over the name", async () => {
    expect((await heard({ model: "sim/text?fail=500", header: "fail=429" })).status).toBe(429);
  });

  test.each([
    ["POST", "/v1/chat/completions", "{", 400, "invalid_json"],
    ["POST", "/v1/chat/completions", "[]", 400, "invalid_request"],
    ["POST", "/v1/messages", "{}", 400, "invalid_request"],
  ] as const)("%s %s with the body %s", async (method, path, body, status, code) => {
    const recorder = new Recorder();
    simulator({ method, origin: "http://sim.invalid", path, headers: {}, body, connectTimeout: 1 }, recorder);
    await recorder.done;
    expect([recorder.status, recorder.json]).toMatchObject([status, { code }]);
  });

  test("a path that it does not have", async () => {
    const recorder = new Recorder();
    simulator(
      { method: "GET", origin: "http://sim.invalid", path: "/x", headers: {}, connectTimeout: 1 },
      recorder,
    );
    await recorder.done;
    expect(recorder.status).toBe(404);
  });

  test("lists its models", async () => {
    const recorder = new Recorder();
    simulator({ method: "GET", ...simAddresses.models, headers: {}, connectTimeout: 1 }, recorder);
    await recorder.done;
    expect(recorder.json).toMatchObject({
      object: "list",
      data: expect.arrayContaining([expect.objectContaining({ id: "sim/echo" })]),
    });
  });
});

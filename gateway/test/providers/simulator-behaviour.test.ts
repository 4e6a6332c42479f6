import { describe, expect, test } from "vitest";
import { simAddresses } from "../../src/providers/sim/sim-address.ts";
import { Recorder } from "./recorder.ts";
import { begin, clock, drawLuck, eventsOf, gathered, heard, simulator } from "./simulator-asking.ts";

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
    drawLuck(0.29);
    expect((await heard({ header: "fail-rate=0.3" })).status).toBe(503);
    drawLuck(0.3);
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

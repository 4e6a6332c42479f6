import { describe, expect, test, vi } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { BackgroundCalls } from "../../src/responses/background.ts";
import { Conversations } from "../../src/responses/conversations.ts";
import { alice, answer, bob, ManualClock, MemoryResponses } from "./fakes.ts";

const asked: JsonObject = { model: "m", input: "q", background: true, temperature: 0.5 };

function setUp(maximumRunning = 2) {
  const store = new MemoryResponses();
  const clock = new ManualClock();
  const shelf = new Conversations({ store, clock, retention: 1000 });
  let count = 0;
  const calls = new BackgroundCalls({
    shelf,
    clock,
    randomToken: () => `token${(count += 1)}`,
    maximumRunning,
    onError: (_id, error) => errors.push(error),
  });
  const errors: unknown[] = [];
  return { store, clock, shelf, calls, errors };
}

/** A run that ends when the test says so, or when it is aborted. */
function pending() {
  const run = Promise.withResolvers<JsonObject>();
  const started = vi.fn<(body: JsonObject) => void>();
  return {
    ...run,
    started,
    run: async (body: JsonObject, signal: AbortSignal): Promise<JsonObject> => {
      started(body);
      signal.addEventListener("abort", () => run.reject(signal.reason as Error));
      return run.promise;
    },
  };
}

const idOf = (response: JsonObject): string => response["id"] as string;

describe("a background call", () => {
  test("is queued at once, then in progress, then stored with its answer", async () => {
    const { calls, shelf } = setUp();
    const work = pending();
    const queued = calls.start(alice, asked, work.run);
    expect(queued).toMatchObject({ id: "resp_token1", status: "queued", background: true, temperature: 0.5 });
    expect(work.started).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(work.started).toHaveBeenCalledOnce());
    expect(work.started.mock.calls[0]?.[0]).not.toHaveProperty("background");
    expect(calls.get(alice, idOf(queued))).toMatchObject({ status: "in_progress" });
    expect(calls.get(bob, idOf(queued))).toBeUndefined();
    work.resolve(answer("resp_other", "done"));
    await vi.waitFor(() => expect(calls.get(alice, idOf(queued))).toBeUndefined());
    expect(await shelf.get(alice, idOf(queued))).toMatchObject({
      id: idOf(queued),
      status: "completed",
      background: true,
      store: true,
      output: [{ type: "message" }],
    });
  });

  test("fails with the fault of its run, and tells nothing of any other error", async () => {
    const { calls, shelf, errors } = setUp();
    const limited = calls.start(alice, asked, () => Promise.reject(new Fault("provider_rate_limited")));
    const broken = calls.start(alice, asked, () => Promise.reject(new Error("secret")));
    await vi.waitFor(() => expect(calls.running).toBe(0));
    expect(await shelf.get(alice, idOf(limited))).toMatchObject({
      status: "failed",
      error: { code: "rate_limit_exceeded" },
    });
    const told = await shelf.get(alice, idOf(broken));
    expect(told).toMatchObject({ status: "failed", error: { code: "server_error" } });
    expect(JSON.stringify(told)).not.toContain("secret");
    expect(errors).toEqual([new Error("secret")]);
  });

  test("is cancelled, once and for all", async () => {
    const { calls, shelf } = setUp();
    const work = pending();
    const id = idOf(calls.start(alice, asked, work.run));
    await vi.waitFor(() => expect(work.started).toHaveBeenCalled());
    await expect(calls.cancel(bob, id)).rejects.toMatchObject({ code: "response_not_found" });
    expect(await calls.cancel(alice, id)).toMatchObject({ id, status: "cancelled" });
    await vi.waitFor(() => expect(calls.running).toBe(0));
    expect(await calls.cancel(alice, id)).toMatchObject({ status: "cancelled" });
    expect(await shelf.get(alice, id)).toMatchObject({ status: "cancelled" });
  });

  test("that was cancelled before it began never begins", async () => {
    const { calls } = setUp();
    const work = pending();
    const id = idOf(calls.start(alice, asked, work.run));
    expect(await calls.cancel(alice, id)).toMatchObject({ status: "cancelled" });
    await vi.waitFor(() => expect(calls.running).toBe(0));
    expect(work.started).not.toHaveBeenCalled();
  });

  test("that is forgotten is stopped and never stored", async () => {
    const { calls, store } = setUp();
    const work = pending();
    const id = idOf(calls.start(alice, asked, work.run));
    await vi.waitFor(() => expect(work.started).toHaveBeenCalled());
    expect(calls.forget(bob, id)).toBe(false);
    expect(calls.forget(alice, id)).toBe(true);
    expect(calls.get(alice, id)).toBeUndefined();
    await expect(calls.cancel(alice, id)).rejects.toMatchObject({ code: "response_not_found" });
    await vi.waitFor(() => expect(calls.running).toBe(0));
    expect(store.rows.size).toBe(0);
    expect(calls.forget(alice, id)).toBe(false);
  });

  test("stays at hand where the store did not take it", async () => {
    const { calls, store, errors } = setUp();
    store.failing = true;
    const id = idOf(calls.start(alice, asked, () => Promise.resolve(answer("resp_x", "done"))));
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    expect(calls.get(alice, id)).toMatchObject({ status: "completed" });
    expect(calls.get(bob, id)).toBeUndefined();
  });
});

describe("background calls", () => {
  test("refuse a stream, an answer that is not stored, and more than the bound", () => {
    const { calls } = setUp(1);
    const start = (fields: JsonObject) => () => calls.start(alice, { ...asked, ...fields }, pending().run);
    expect(start({ stream: true })).toThrowError(
      expect.objectContaining({ code: "invalid_request", param: "stream" }),
    );
    expect(start({ store: false })).toThrowError(
      expect.objectContaining({ code: "invalid_request", param: "store" }),
    );
    start({})();
    expect(start({})).toThrowError(expect.objectContaining({ code: "overloaded" }));
  });

  test("do not cancel what did not run in the background", async () => {
    const { calls, shelf } = setUp();
    await shelf.remember(alice, { input: "q" }, answer("resp_plain", "A"));
    await expect(calls.cancel(alice, "resp_plain")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(calls.cancel(alice, "resp_none")).rejects.toMatchObject({ code: "response_not_found" });
  });

  test("fail when the server stops, and none begins after", async () => {
    const { calls, shelf } = setUp();
    const work = pending();
    const id = idOf(calls.start(alice, asked, work.run));
    await vi.waitFor(() => expect(work.started).toHaveBeenCalled());
    await calls.stop(1000);
    expect(await shelf.get(alice, id)).toMatchObject({ status: "failed" });
    expect(() => calls.start(alice, asked, work.run)).toThrowError(
      expect.objectContaining({ code: "shutting_down" }),
    );
  });

  test("do not hold up a stop for longer than its deadline", async () => {
    const { calls, clock } = setUp();
    calls.start(alice, asked, () => new Promise<JsonObject>(() => undefined));
    await Promise.resolve();
    const stopped = calls.stop(1000);
    clock.advance(1000);
    await expect(stopped).resolves.toBeUndefined();
  });
});

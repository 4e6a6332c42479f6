import { afterEach, describe, expect, it } from "vitest";
import { WorkerLink } from "../../src/storage/sqlite/worker-link.js";
const problems = [];
const pauses = [];
let paused = Promise.withResolvers();
/** Keeps what is to be done after a pause until the test does it. */
const clock = {
  now: () => 0,
  monotonic: () => 0,
  after(milliseconds, action) {
    pauses.push({ milliseconds, action });
    paused.resolve();
    return () => {};
  },
};
async function link(file = "open") {
  const made = new WorkerLink({
    entry: new URL("./frail-worker.ts", import.meta.url),
    file,
    clock,
    onProblem: (message) => problems.push(message),
  });
  await made.start();
  return made;
}
afterEach(() => {
  problems.length = 0;
  pauses.length = 0;
  paused = Promise.withResolvers();
});
describe("the link to a store's worker", () => {
  it("says why the store cannot be opened", async () => {
    await expect(link("refuse")).rejects.toMatchObject({ reason: "unavailable", message: "not today" });
  });
  it("rejects what was asked of a thread that broke, and works again after a pause", async () => {
    const store = await link();
    const asked = [store.call("keysRevision", undefined), store.call("listKeys", undefined)];
    const results = await Promise.allSettled(asked);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(results[0]).toMatchObject({ reason: { reason: "unavailable" } });
    expect(store.healthy).toBe(false);
    await expect(store.call("keysRevision", undefined)).rejects.toMatchObject({ reason: "unavailable" });
    await paused.promise;
    expect(pauses.map(({ milliseconds }) => milliseconds)).toEqual([100]);
    expect(problems).toEqual(["The store's worker ended (the thread broke); it is started again."]);
    pauses[0]?.action();
    await expect.poll(() => store.healthy, { interval: 5, timeout: 10_000 }).toBe(true);
    expect(await store.call("keysRevision", undefined)).toBe(7);
    await store.close();
  });
  it("is not healthy from a round that failed until one that did not", async () => {
    const store = await link();
    await expect(store.call("revokeKey", { id: "key_a", at: 1 })).rejects.toMatchObject({
      message: "disk full",
    });
    expect(store.healthy).toBe(false);
    await store.call("keysRevision", undefined);
    expect(store.healthy).toBe(true);
    await store.close();
  });
  it("refuses what passes its bound at once, and takes the rest", async () => {
    const store = await link();
    const taken = store.call("postedCalls", ["call_1"], 99_999);
    const last = store.call("keysRevision", undefined);
    await expect(store.call("keysRevision", undefined)).rejects.toMatchObject({ reason: "overloaded" });
    expect(await taken).toEqual(new Set(["call_1"]));
    expect(await last).toBe(7);
    expect(await store.call("keysRevision", undefined)).toBe(7);
    await store.close();
  });
  it("can be closed while it waits to be started again", async () => {
    const store = await link();
    await expect(store.call("listKeys", undefined)).rejects.toThrow("the thread broke");
    await paused.promise;
    await store.close();
    await expect(store.call("keysRevision", undefined)).rejects.toMatchObject({ reason: "closed" });
  });
});

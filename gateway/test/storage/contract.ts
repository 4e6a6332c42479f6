import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Store, StoreError } from "../../src/storage/port.ts";
import { settledCall as writeCall } from "../../src/storage/settled-call.ts";
import { readCall } from "./read-call.ts";
import { sampleExtra, sampleKey, sampleResponse, sampleSettlement, settledCall } from "./samples.ts";

/** What every store must do. `open` gives a new, empty store. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const all = () => store.calls.requests({ limit: 1_000 });

    describe("keys", () => {
      it("keeps every field of a key", async () => {
        const plain = sampleKey("key_a");
        const full = sampleKey("key_b", {
          kind: "admin",
          allowedModels: ["openai/*", "o'clock"],
          createdAt: 2_000,
          expiresAt: 9_000,
          revokedAt: 3_000,
        });
        await store.keys.create(full);
        await store.keys.create(plain);
        expect(await store.keys.list()).toEqual([plain, full]);
      });

      it("tells an empty list of allowed models from none", async () => {
        await store.keys.create(sampleKey("key_a", { allowedModels: [] }));
        expect((await store.keys.list())[0]?.allowedModels).toEqual([]);
      });

      it("refuses a second key with the same id or hash and keeps the first", async () => {
        await store.keys.create(sampleKey("key_a"));
        const again = [sampleKey("key_a", { hash: "other" }), sampleKey("key_b", { hash: "hash-of-key_a" })];
        for (const key of again) {
          await expect(store.keys.create(key)).rejects.toMatchObject({ reason: "conflict" });
        }
        expect(await store.keys.list()).toEqual([sampleKey("key_a")]);
      });

      it("fails only the one of many calls at once that is in conflict", async () => {
        const keys = [sampleKey("key_a"), sampleKey("key_a"), sampleKey("key_b")];
        const results = await Promise.allSettled(keys.map((key) => store.keys.create(key)));
        expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
        expect((await store.keys.list()).map(({ id }) => id)).toEqual(["key_a", "key_b"]);
      });

      it("revokes once, at the first time given", async () => {
        await store.keys.create(sampleKey("key_a"));
        expect(await store.keys.revoke("key_a", 7_000)).toBe(true);
        expect(await store.keys.revoke("key_a", 8_000)).toBe(true);
        expect(await store.keys.revoke("key_none", 8_000)).toBe(false);
        expect((await store.keys.list())[0]?.revokedAt).toBe(7_000);
      });

      it("raises the revision with every change and with nothing else", async () => {
        const first = await store.keys.revision();
        await store.keys.create(sampleKey("key_a"));
        const created = await store.keys.revision();
        await store.keys.revoke("key_a", 1);
        const revoked = await store.keys.revision();
        await store.keys.revoke("key_a", 2);
        await store.keys.revoke("key_none", 2);
        await store.calls.post([settledCall("call_1")]);
        expect(created).toBeGreaterThan(first);
        expect(revoked).toBeGreaterThan(created);
        expect(await store.keys.revision()).toBe(revoked);
      });
    });

    describe("calls", () => {
      it("keeps every field of a settlement", async () => {
        const full = sampleSettlement("call_1", {
          outcome: "broken",
          error: "provider_stream_broken",
          firstEventAfter: 12.625,
          attempts: 3,
          usage: {
            inputTokens: 100,
            outputTokens: 50,
            cacheReadTokens: 20,
            cacheWriteTokens: 10,
            cacheWriteLongTokens: 5,
            reasoningTokens: 7,
            extra: { dialect: "openai-chat", fields: { odd: [1, null, "ä"] } },
          },
          usageSource: "estimated",
          estimateMethod: "relayed-bytes",
          stream: false,
        });
        const bare: Record<string, unknown> = {
          ...sampleSettlement("call_0", { usageSource: "none", cost: [] }),
        };
        delete bare["usage"];
        const settlement = bare as unknown as typeof full;
        await store.calls.post([writeCall(full, []), writeCall(settlement, [])]);
        expect(await all()).toEqual([
          { ...full, amount: 250_000n },
          { ...settlement, amount: 0n },
        ]);
      });

      it("keeps amounts beyond the integers a double can hold", async () => {
        const amount = 9_007_199_254_740_993n;
        await store.calls.post([
          settledCall("call_1", { cost: [{ unit: "output", quantity: 3, price: amount, amount }] }),
        ]);
        expect((await all())[0]).toMatchObject({ amount, cost: [{ price: amount, amount }] });
        expect(await store.calls.balances()).toEqual([
          { account: "expense:shop", amount },
          { account: "payable:openai", amount: -amount },
        ]);
        expect((await store.calls.usage({ by: "model" }))[0]?.cost).toBe(amount);
      });

      it("posts a call once, however often and in whatever company it comes", async () => {
        const first = settledCall("call_1");
        await store.calls.post([first, first]);
        await Promise.all([
          store.calls.post([first, settledCall("call_2")]),
          store.calls.post([settledCall("call_1", { outcome: "failed" }), settledCall("call_2")]),
        ]);
        expect((await all()).map(({ id, outcome }) => [id, outcome])).toEqual([
          ["call_2", "success"],
          ["call_1", "success"],
        ]);
        expect(await store.calls.balances()).toEqual([
          { account: "expense:shop", amount: 500_000n },
          { account: "payable:openai", amount: -500_000n },
        ]);
      });

      it("is not given postings that do not sum to zero", () => {
        const { settlement, postings } = readCall(settledCall("call_1"));
        expect(() => writeCall(settlement, postings.slice(1))).toThrow("do not sum to zero");
      });

      it("keeps nothing of a batch of which it refuses one call", async () => {
        const amount = 2n ** 63n;
        const huge = settledCall("call_1", {
          cost: [{ unit: "output", quantity: 3, price: amount, amount }],
        });
        await expect(store.calls.post([settledCall("call_0"), huge])).rejects.toMatchObject({
          reason: "failed",
        });
        expect(await all()).toEqual([]);
        expect(await store.calls.balances()).toEqual([]);
        expect(store.healthy).toBe(true);
      });

      it("keeps the postings of the first where a batch has a call twice", async () => {
        const free = settledCall("call_1", { cost: [], free: true });
        const { settlement } = readCall(free);
        await store.calls.post([writeCall(settlement, []), settledCall("call_1"), settledCall("call_2")]);
        expect((await all()).map(({ id, free: wasFree }) => [id, wasFree])).toEqual([
          ["call_2", false],
          ["call_1", true],
        ]);
        expect(await store.calls.balances()).toEqual([
          { account: "expense:shop", amount: 250_000n },
          { account: "payable:openai", amount: -250_000n },
        ]);
      });

      it("says which calls are posted", async () => {
        await store.calls.post([settledCall("call_1"), settledCall("call_2")]);
        expect(await store.calls.posted(["call_0", "call_2"])).toEqual(new Set(["call_2"]));
        expect(await store.calls.posted([])).toEqual(new Set());
      });

      it("sums by each kind of group, and leaves out counts that no call knew", async () => {
        const day = 86_400_000;
        await store.calls.post([
          settledCall("call_1", { at: 10 }),
          settledCall("call_2", { at: day - 1, outcome: "broken", usageSource: "estimated", keyId: "key_2" }),
          settledCall("call_3", { at: day, outcome: "cancelled", usage: {}, project: "lab" }),
        ]);
        expect(await store.calls.usage({ by: "day" })).toEqual([
          {
            group: "1970-01-01",
            calls: 2,
            failed: 1,
            estimated: 1,
            inputTokens: 200,
            outputTokens: 100,
            cost: 500_000n,
          },
          { group: "1970-01-02", calls: 1, failed: 0, estimated: 0, cost: 250_000n },
        ]);
        const names = async (by: "model" | "key" | "project" | "channel") =>
          (await store.calls.usage({ by })).map(({ group, calls }) => [group, calls]);
        expect(await names("key")).toEqual([
          ["key_1", 2],
          ["key_2", 1],
        ]);
        expect(await names("project")).toEqual([
          ["lab", 1],
          ["shop", 2],
        ]);
        expect(await names("model")).toEqual([["openai/gpt-4o", 3]]);
        expect(await names("channel")).toEqual([["openai/gpt-4o", 3]]);
        expect((await store.calls.usage({ by: "key", from: 11, until: day }))[0]?.group).toBe("key_2");
        expect(await store.calls.usage({ by: "key", from: day + 1 })).toEqual([]);
      });

      it("pages through the request log without loss, though calls share a millisecond", async () => {
        const ids = Array.from({ length: 25 }, (_, index) => `call_${String(index).padStart(2, "0")}`);
        await store.calls.post(ids.map((id, index) => settledCall(id, { at: index < 5 ? 1 : 2 })));
        const seen: string[] = [];
        for (let page = await store.calls.requests({ limit: 4 }); page.length > 0; ) {
          seen.push(...page.map(({ id }) => id));
          const last = page.at(-1);
          if (last === undefined) break;
          page = await store.calls.requests({ limit: 4, before: last.at, beforeId: last.id });
        }
        expect(seen).toEqual(ids.toReversed());
        expect((await store.calls.requests({ limit: 9, before: 2 })).length).toBe(5);
        expect((await store.calls.requests({ limit: 9, id: "call_07" })).map(({ id }) => id)).toEqual([
          "call_07",
        ]);
      });

      it("takes hostile names as plain text", async () => {
        const name = "x'; DROP TABLE calls; -- \u0000 \ud800 __proto__";
        await store.calls.post([settledCall("call_1", { project: name, model: "__proto__" })]);
        expect((await store.calls.usage({ by: "model" }))[0]).toMatchObject({ group: "__proto__", calls: 1 });
        expect((await all()).length).toBe(1);
      });

      it("keeps every letter that UTF-8 has, and every digit of a duration", async () => {
        const odd = '\u0000 \u0007 " \\ \\ud800 \u2028 ä 😀';
        const durations = [0, 12, 0.1 + 0.2, 1 / 3, 123_456.789_012_345_67, 5e-324, 1e21];
        await store.calls.post([
          ...durations.map((firstEventAfter, index) => settledCall(`call_${index}`, { firstEventAfter })),
          settledCall("call_8", {
            model: odd,
            error: `half \ud83d a pair`,
            usage: { extra: sampleExtra(odd) },
          }),
        ]);
        const rows = await all();
        expect(rows[0]).toMatchObject({
          model: odd,
          error: "half \ufffd a pair",
          usage: { extra: sampleExtra(odd) },
        });
        expect(rows.slice(1).map(({ firstEventAfter }) => firstEventAfter)).toEqual(durations.toReversed());
      });

      it("keeps a call whose vendor reported nonsense, with the counts unknown", async () => {
        const usage = { inputTokens: 1.5, outputTokens: 1e300, cacheReadTokens: 3 };
        await store.calls.post([settledCall("call_1", { usage })]);
        expect((await all())[0]?.usage).toEqual(usage);
        const [sum] = await store.calls.usage({ by: "model" });
        expect(sum).toMatchObject({ cacheReadTokens: 3 });
        expect(sum).not.toHaveProperty("inputTokens");
      });
    });

    describe("responses", () => {
      it("keeps every field, and replaces on a second put", async () => {
        const first = sampleResponse("resp_1");
        await store.responses.put(first);
        expect(await store.responses.get("shop", "resp_1", 2_000)).toEqual(first);
        const second = sampleResponse("resp_1", { previousId: "resp_0", response: "{}" });
        await store.responses.put(second);
        expect(await store.responses.get("shop", "resp_1", 2_000)).toEqual(second);
      });

      it("shows, replaces and deletes a response for its own project only", async () => {
        await store.responses.put(sampleResponse("resp_1"));
        expect(await store.responses.get("lab", "resp_1", 2_000)).toBeUndefined();
        await expect(store.responses.put(sampleResponse("resp_1", { project: "lab" }))).rejects.toMatchObject(
          {
            reason: "conflict",
          },
        );
        expect(await store.responses.delete("lab", "resp_1")).toBe(false);
        expect(await store.responses.delete("shop", "resp_1")).toBe(true);
        expect(await store.responses.delete("shop", "resp_1")).toBe(false);
        expect(await store.responses.get("shop", "resp_1", 2_000)).toBeUndefined();
      });

      it("hides what has expired, and drops all of it", async () => {
        const puts = Array.from({ length: 1_100 }, (_, index) =>
          store.responses.put(sampleResponse(`resp_${index}`, { expiresAt: index < 1_050 ? 3_000 : 9_000 })),
        );
        await Promise.all(puts);
        expect(await store.responses.get("shop", "resp_0", 3_000)).toBeUndefined();
        expect(await store.responses.expire(3_000)).toBe(1_050);
        expect(await store.responses.expire(3_000)).toBe(0);
        expect(await store.responses.get("shop", "resp_1099", 3_000)).toBeDefined();
      });
    });

    it("finishes what was asked before it closes, and rejects everything after", async () => {
      const post = store.calls.post([settledCall("call_1")]);
      const posted = store.calls.posted(["call_1"]);
      await store.close();
      await post;
      expect(await posted).toEqual(new Set(["call_1"]));
      const late = await Promise.allSettled([
        store.keys.list(),
        store.calls.post([settledCall("call_2")]),
        store.calls.usage({ by: "day" }),
        store.responses.expire(0),
      ]);
      for (const result of late) {
        expect(result.status).toBe("rejected");
        expect(result.status === "rejected" && result.reason).toBeInstanceOf(StoreError);
        expect(result.status === "rejected" && result.reason.reason).toBe("closed");
      }
      await store.close();
    });
  });
}

import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { Conversations } from "../../src/responses/conversations.ts";
import { alice, answer, bob, ManualClock, MemoryResponses } from "./fakes.ts";

const day = 86_400_000;

function setUp(limits: { maximumTurns?: number; maximumSize?: number } = {}) {
  const store = new MemoryResponses();
  const clock = new ManualClock();
  const conversations = new Conversations({ store, clock, retention: 30 * day, ...limits });
  return { store, clock, conversations };
}

async function talk(conversations: Conversations, turns: number): Promise<string> {
  let previous: string | undefined;
  for (let turn = 1; turn <= turns; turn += 1) {
    const body: JsonObject = {
      model: "m",
      input: `question ${turn}`,
      instructions: `rule ${turn}`,
      ...(previous === undefined ? {} : { previous_response_id: previous }),
    };
    // Each turn needs the one before.
    // oxlint-disable-next-line no-await-in-loop
    await conversations.remember(alice, body, answer(`resp_t${turn}`, `answer ${turn}`));
    previous = `resp_t${turn}`;
  }
  return previous ?? "";
}

function texts(body: JsonObject): string[] {
  const input = body["input"] as { content: string | { text: string }[] }[];
  return input.map(({ content }) => (typeof content === "string" ? content : (content[0]?.text ?? "")));
}

describe("expand", () => {
  test("puts every earlier turn before the new input, oldest first, and inherits no instructions", async () => {
    const { conversations } = setUp();
    const last = await talk(conversations, 3);
    const body = await conversations.expand(alice, {
      model: "m",
      input: [{ role: "user", content: "now" }],
      previous_response_id: last,
    });
    expect(texts(body)).toEqual([
      "question 1",
      "answer 1",
      "question 2",
      "answer 2",
      "question 3",
      "answer 3",
      "now",
    ]);
    expect(body).not.toHaveProperty("previous_response_id");
    expect(body).not.toHaveProperty("instructions");
  });

  test("gives back the same body where it refers to nothing", async () => {
    const { conversations, store } = setUp();
    const body = { model: "m", input: [{ role: "user", content: "hi" }] };
    expect(await conversations.expand(alice, body)).toBe(body);
    expect(store.reads).toBe(0);
  });

  test.each(["resp_none", "__proto__"])("does not find %s", async (id) => {
    const { conversations } = setUp();
    const expanded = conversations.expand(alice, { model: "m", input: "x", previous_response_id: id });
    await expect(expanded).rejects.toMatchObject({
      code: "response_not_found",
      param: "previous_response_id",
    });
  });

  test("does not find a response of another project", async () => {
    const { conversations } = setUp();
    const last = await talk(conversations, 1);
    const body = { model: "m", input: "x", previous_response_id: last };
    await expect(conversations.expand(bob, body)).rejects.toMatchObject({ code: "response_not_found" });
  });

  test("refuses an id that is not a string", async () => {
    const { conversations } = setUp();
    const body = { model: "m", input: "x", previous_response_id: 7 };
    await expect(conversations.expand(alice, body)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("does not find an expired response", async () => {
    const { conversations, clock } = setUp();
    const last = await talk(conversations, 1);
    clock.advance(30 * day);
    const body = { model: "m", input: "x", previous_response_id: last };
    await expect(conversations.expand(alice, body)).rejects.toMatchObject({ code: "response_not_found" });
  });

  test("keeps a conversation that lives on, and writes for that at most once in half a retention", async () => {
    const { conversations, clock, store } = setUp();
    const last = await talk(conversations, 2);
    const body = { model: "m", input: "x", previous_response_id: last };
    clock.advance(20 * day);
    await conversations.expand(alice, body);
    expect(store.writes).toBe(4);
    clock.advance(14 * day);
    await conversations.expand(alice, body);
    expect(store.writes).toBe(4);
    expect(texts(await conversations.expand(alice, body))).toHaveLength(5);
  });

  test("refuses more turns or text than the bounds", async () => {
    const few = setUp({ maximumTurns: 3 });
    const body = { model: "m", input: "x", previous_response_id: await talk(few.conversations, 4) };
    await expect(few.conversations.expand(alice, body)).rejects.toMatchObject({ code: "invalid_request" });
    const small = setUp({ maximumSize: 300 });
    await talk(small.conversations, 4);
    await expect(small.conversations.expand(alice, body)).rejects.toMatchObject({ code: "body_too_large" });
  });

  test("ends on a chain that bites its tail", async () => {
    const { conversations } = setUp();
    await conversations.remember(
      alice,
      { input: "a", previous_response_id: "resp_b" },
      answer("resp_a", "A"),
    );
    await conversations.remember(
      alice,
      { input: "b", previous_response_id: "resp_a" },
      answer("resp_b", "B"),
    );
    const body = { input: "x", previous_response_id: "resp_a" };
    await expect(conversations.expand(alice, body)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("puts an item in place of a reference to it, also when only its id tells where it is", async () => {
    const { conversations, store, clock } = setUp();
    await talk(conversations, 1);
    const vendors = { ...answer("resp_v", "V"), output: [{ type: "function_call", id: "fc_9", name: "f" }] };
    await conversations.remember(alice, { input: "q" }, vendors);
    const input = [{ type: "item_reference", id: "msg_t1_0" }, { id: "fc_9" }];
    const body = await conversations.expand(alice, { model: "m", input });
    expect(body["input"]).toMatchObject([
      { type: "message", content: [{ text: "answer 1" }] },
      { type: "function_call", id: "fc_9" },
    ]);
    const later = new Conversations({ store, clock, retention: day });
    const again = await later.expand(alice, { input: [{ type: "item_reference", id: "msg_t1_0" }] });
    expect(again["input"]).toMatchObject([{ type: "message" }]);
    for (const id of ["fc_9", "msg_t1_7", "x", "__", "a__b"]) {
      const lost = later.expand(alice, { input: [{ type: "item_reference", id }] });
      // oxlint-disable-next-line no-await-in-loop
      await expect(lost).rejects.toMatchObject({ code: "response_not_found", param: "input[0].id" });
    }
    await expect(conversations.expand(bob, { input })).rejects.toMatchObject({ code: "response_not_found" });
  });
});

describe("a stored response", () => {
  test("is not stored where the body says so", async () => {
    const { conversations, store } = setUp();
    await conversations.remember(alice, { input: "q", store: false }, answer("resp_a", "A"));
    expect(store.rows.size).toBe(0);
  });

  test("is got and deleted by its own project only", async () => {
    const { conversations } = setUp();
    const response = answer("resp_a", "A");
    await conversations.remember(alice, { input: "q" }, response);
    expect(await conversations.get(alice, "resp_a")).toEqual(response);
    await expect(conversations.get(bob, "resp_a")).rejects.toMatchObject({ code: "response_not_found" });
    await expect(conversations.delete(bob, "resp_a")).rejects.toMatchObject({ code: "response_not_found" });
    expect(await conversations.delete(alice, "resp_a")).toEqual({
      id: "resp_a",
      object: "response",
      deleted: true,
    });
    await expect(conversations.get(alice, "resp_a")).rejects.toMatchObject({ code: "response_not_found" });
  });
});

describe("input items", () => {
  test("are listed newest first, in pages, with ids that stay", async () => {
    const { conversations } = setUp();
    const last = await talk(conversations, 2);
    const all = await conversations.inputItems(alice, last, { order: "asc" });
    expect(all).toMatchObject({
      object: "list",
      has_more: false,
      first_id: "msg_t2_in_0",
      last_id: "msg_t2_in_2",
      data: [
        { type: "message", role: "user", content: [{ type: "input_text", text: "question 1" }] },
        { id: "msg_t1_0", role: "assistant" },
        { id: "msg_t2_in_2", role: "user", status: "completed" },
      ],
    });
    const first = await conversations.inputItems(alice, last, { limit: 2 });
    expect(first).toMatchObject({ has_more: true, data: [{ id: "msg_t2_in_2" }, { id: "msg_t1_0" }] });
    const second = await conversations.inputItems(alice, last, { limit: 2, after: "msg_t1_0" });
    expect(second).toMatchObject({ has_more: false, data: [{ id: "msg_t2_in_0" }] });
  });

  test.each([{ limit: 0 }, { limit: 101 }, { limit: 1.5 }, { after: "nothing" }])(
    "refuses the query %o",
    async (query) => {
      const { conversations } = setUp();
      const last = await talk(conversations, 1);
      await expect(conversations.inputItems(alice, last, query)).rejects.toMatchObject({
        code: "invalid_request",
      });
    },
  );
});

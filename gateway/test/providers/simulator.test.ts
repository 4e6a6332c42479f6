import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Part } from "../../src/core/part.ts";
import type { ChatRequest } from "../../src/core/request.ts";
import { type Ask, answered, eventsOf, gathered, heard, hello, textAnswered } from "./simulator-asking.ts";

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

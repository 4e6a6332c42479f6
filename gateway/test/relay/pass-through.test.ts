import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatDialect } from "../../src/core/dialect.ts";
import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { Meter } from "../../src/relay/meter.ts";
import { PassThrough } from "../../src/relay/pass-through.ts";

const chunk = (rest: object) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", ...rest })}\n\n`;
const said = (content: string) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const first = chunk({
  choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
});
const finish = chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
const usage = chunk({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } });
const done = "data: [DONE]\n\n";

/** Passes `text` through in pieces that end at `cuts`. */
function pass(
  text: string,
  cuts: readonly number[],
  hideMetering = false,
  dialect: ChatDialect = openaiChat,
) {
  const meter = new Meter();
  const relay = new PassThrough({ dialect, meter, hideMetering });
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  const take = (piece: string | Uint8Array | undefined) => {
    if (piece !== undefined) out.push(Buffer.from(piece as Uint8Array));
  };
  const edges = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of edges) {
    take(relay.push(bytes.subarray(from, to)));
    from = to;
  }
  take(relay.end());
  return { relay, meter, out: Buffer.concat(out).toString() };
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });
const words = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), {
  minLength: 1,
  maxLength: 8,
});

describe("passing a stream through", () => {
  test("the same bytes come out and the usage is read, whatever the split", () => {
    fc.assert(
      fc.property(words, cuts, (texts, at) => {
        const text = first + texts.map(said).join("") + finish + usage + done;
        const { relay, meter, out } = pass(text, at);
        expect(out).toBe(text);
        expect(relay).toMatchObject({ proved: true, complete: true, failure: undefined });
        expect(meter.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
      }),
    );
  });

  test("a client that did not ask for usage sees everything but its frame, whatever the split", () => {
    fc.assert(
      fc.property(words, cuts, (texts, at) => {
        const text = first + texts.map(said).join("") + finish;
        const { meter, out } = pass(text + usage + done, at, true);
        expect(out).toBe(text + done);
        expect(meter.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
      }),
    );
  });

  test("what was written is counted in bytes where the vendor reports nothing", () => {
    const { relay, meter } = pass(first + said("héllo") + said('"quoted"'), []);
    // As it stands in the JSON: a quote is two bytes there.
    expect(meter.outputBytes).toBe(6 + 10);
    expect(relay.failure?.code).toBe("provider_stream_broken");
  });

  test("text about markers is not taken for them", () => {
    const { relay, meter } = pass(
      said('data: [DONE]\n\n{"usage":{"prompt_tokens":9},"error":{"message":"no"}}'),
      [],
    );
    expect(relay.complete).toBe(false);
    expect(relay.failure?.code).toBe("provider_stream_broken");
    expect(meter.usage).toBeUndefined();
  });

  test("an error frame is kept back and ends the stream, what came before it stays", () => {
    const failure = `data: ${JSON.stringify({ error: { message: "boom", type: "server_error" } })}\n\n`;
    fc.assert(
      fc.property(cuts, (at) => {
        const { relay, out } = pass(first + said("a") + failure + done, at);
        expect(out.startsWith(first + said("a"))).toBe(true);
        expect(out).not.toContain("boom");
        expect(relay.failure?.code).toBe("provider_unavailable");
      }),
    );
  });

  test("nothing proves a provider that has only begun", () => {
    const start = `event: message_start\ndata: ${JSON.stringify({ type: "message_start", message: { id: "m", type: "message", role: "assistant", model: "m", content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 5, output_tokens: 1 } } })}\n\n`;
    const relay = new PassThrough({ dialect: anthropicMessages, meter: new Meter(), hideMetering: false });
    relay.push(Buffer.from(`${start}event: ping\ndata: {"type":"ping"}\n\n`));
    expect(relay.proved).toBe(false);
    relay.push(
      Buffer.from(
        'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"x"}}\n\n',
      ),
    );
    expect(relay.failure?.code).toBe("provider_overloaded");
  });
});

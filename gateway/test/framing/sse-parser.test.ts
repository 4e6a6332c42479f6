import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Frame } from "../../src/core/dialect.ts";
import { FrameNotText, FrameTooLarge, SseParser } from "../../src/framing/sse-parser.ts";
import { sseComment, sseText } from "../../src/framing/sse-writer.ts";

function parse(text: string, cuts: readonly number[] = []): Frame[] {
  const bytes = Buffer.from(text);
  const parser = new SseParser();
  const frames: Frame[] = [];
  const edges = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...edges, bytes.length]) {
    frames.push(...parser.push(bytes.subarray(from, to)));
    from = to;
  }
  return frames;
}

describe("server-sent events", () => {
  test.each([
    ["one line", "data: a\n\n", [{ data: "a" }]],
    ["no space after the colon", "data:a\n\n", [{ data: "a" }]],
    ["only one space is dropped", "data:  a\n\n", [{ data: " a" }]],
    ["several data lines", "data: a\ndata: b\n\n", [{ data: "a\nb" }]],
    ["event name", "event: ping\ndata: {}\n\n", [{ event: "ping", data: "{}" }]],
    [
      "carriage returns",
      "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
      [{ data: "a" }, { data: "b" }, { data: "c" }],
    ],
    ["comments and other fields", ": hi\nretry: 5\nid: 1\ndata: a\n\n: x\n\n", [{ data: "a" }]],
    ["an event without data", "event: x\n\ndata: a\n\n", [{ data: "a" }]],
    ["byte order mark", "\uFEFFdata: a\n\n", [{ data: "a" }]],
    ["a cut-off last frame", "data: a\n\ndata: b\n", [{ data: "a" }]],
    ["empty data", "data\n\n", [{ data: "" }]],
  ])("%s", (_, text, frames) => {
    expect(parse(text)).toEqual(frames);
  });

  test("any split of the bytes gives the same frames", () => {
    const frame = fc.record(
      { event: fc.constantFrom("a", "message_start"), data: fc.string({ unit: "grapheme", maxLength: 30 }) },
      { requiredKeys: ["data"] },
    );
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.array(fc.nat(), { maxLength: 40 }),
        (frames, lineEnd, cuts) => {
          const clean = frames.map((each) => ({ ...each, data: each.data.replaceAll("\r", "") }));
          const text = clean.map((each) => sseText(each) + sseComment("x")).join("");
          expect(parse(text.replaceAll("\n", lineEnd), cuts)).toEqual(clean);
        },
      ),
    );
  });

  test("a frame over the limit is refused, in one line or in many", () => {
    expect(() => new SseParser(10).push(Buffer.from("data: 0123456789"))).toThrow(FrameTooLarge);
    expect(() => new SseParser(10).push(Buffer.from("data: 01234\n".repeat(3)))).toThrow(FrameTooLarge);
  });

  test("data that is not UTF-8 is refused; a character cut in two is none of that", () => {
    expect(() => new SseParser().push(Buffer.from([...Buffer.from("data: a"), 0xc3, 0x28, 10, 10]))).toThrow(
      FrameNotText,
    );
    const bytes = Buffer.from("data: \u00e9\n\n");
    const parser = new SseParser();
    const frames = [...bytes].flatMap((byte) => parser.push(Buffer.from([byte])));
    expect(frames).toEqual([{ data: "\u00e9" }]);
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameGate } from "../../src/framing/frame-gate.ts";
import { FrameTooLarge } from "../../src/framing/sse-parser.ts";

const frames = fc.array(
  fc.tuple(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constantFrom("\n\n", "\r\n\r\n", "\n\r\n")),
  { maxLength: 10 },
);

describe("the gate for whole frames", () => {
  test("whatever the split, all bytes pass, and only up to the end of a frame", () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 30 }), (given, cuts) => {
        const text = given.map(([data, end]) => `data: ${data.replaceAll(/[\r\n]/g, "")}${end}`).join("");
        const bytes = Buffer.from(text);
        const edges = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort(
          (a, b) => a - b,
        );
        const gate = new FrameGate();
        const passed: Buffer[] = [];
        let from = 0;
        for (const to of edges) {
          const whole = gate.push(bytes.subarray(from, to));
          if (whole !== undefined && whole.length > 0) {
            passed.push(Buffer.from(whole));
            expect(Buffer.from(whole).toString("latin1")).toMatch(/(?:\n\n|\n\r\n)$/);
          }
          from = to;
        }
        expect(Buffer.concat(passed).toString()).toBe(text);
        expect(gate.end()).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test("a chunk that ends with an empty line passes without a copy", () => {
    const chunk = Buffer.from("data: 1\n\ndata: 2\n\n");
    expect(new FrameGate().push(chunk)).toBe(chunk);
  });

  test("a last frame without its empty line is completed at the end", () => {
    const gate = new FrameGate();
    expect(gate.push(Buffer.from("data: [DONE]\n"))).toBeUndefined();
    expect(Buffer.from(gate.end() ?? []).toString()).toBe("data: [DONE]\n\n\n");
  });

  test("a frame over the limit is refused", () => {
    const gate = new FrameGate(100);
    expect(() => {
      for (let n = 0; n < 10; n += 1) gate.push(Buffer.from("data: 0123456789"));
    }).toThrow(FrameTooLarge);
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTraceParent, writeTraceParent } from "../../src/telemetry/trace-parent.ts";

const hex = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from("0123456789abcdef")),
    minLength: length,
    maxLength: length,
  });
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";

describe("a traceparent header", () => {
  test("that is written can be read", () => {
    const notZero = (id: string) => !/^0+$/.test(id);
    fc.assert(
      fc.property(hex(32).filter(notZero), hex(16).filter(notZero), fc.nat(255), (traceId, spanId, flags) => {
        const parent = { traceId, spanId, flags };
        expect(readTraceParent(writeTraceParent(parent))).toEqual(parent);
      }),
    );
  });

  test("of a later version is read as far as it is known", () => {
    expect(readTraceParent(`01-${trace}-${span}-01-more`)).toEqual({
      traceId: trace,
      spanId: span,
      flags: 1,
    });
  });

  test.each([
    ["absent", undefined],
    ["repeated", [`00-${trace}-${span}-01`, `00-${trace}-${span}-01`]],
    ["empty", ""],
    ["of version ff", `ff-${trace}-${span}-01`],
    ["with more than version 00 has", `00-${trace}-${span}-01-more`],
    ["without a trace", `00-${"0".repeat(32)}-${span}-01`],
    ["without a span", `00-${trace}-${"0".repeat(16)}-01`],
    ["in capitals", `00-${trace.toUpperCase()}-${span}-01`],
    ["cut short", `00-${trace}-${span}`],
    ["with a line feed", `00-${trace}-${span}-01\n`],
    ["very long", `01-${trace}-${span}-01-${"x".repeat(100_000)}`],
  ])("that is %s counts for nothing", (_, header) => {
    expect(readTraceParent(header)).toBeUndefined();
  });
});

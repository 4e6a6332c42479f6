import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { findJsonError } from "../../src/framing/json-error.ts";
import { scanObject } from "../../src/framing/json-scan.ts";
import { spliceFields } from "../../src/framing/json-splice.ts";

const document = fc.dictionary(
  fc.oneof(fc.constantFrom("model", "stream", 'mo"del', "m\\"), fc.string()),
  fc.jsonValue(),
);

describe("scanning and splicing a JSON object", () => {
  test("a splice changes the named fields and nothing else", () => {
    fc.assert(
      fc.property(document, fc.jsonValue(), fc.constantFrom(0, 1, 3), (before, value, indent) => {
        const text = JSON.stringify(before, undefined, indent);
        if (text === "{}") return;
        const bytes = Buffer.from(text);
        const scan = scanObject(bytes, ["model", "stream"]);
        const after = Buffer.from(spliceFields(bytes, scan, { model: value } as JsonObject)).toString();
        expect(JSON.parse(after)).toEqual({ ...JSON.parse(text), model: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  test("depth is counted, strings are not", () => {
    expect(scanObject(Buffer.from('{"a":[[{"b":"[[[[\\"[["}]]}'), []).depth).toBe(4);
    expect(scanObject(Buffer.from("[".repeat(100_000)), []).depth).toBe(100_000);
  });

  test("a repeated key is noticed, also when one spelling is escaped", () => {
    expect(scanObject(Buffer.from('{"model":"a","model":"b"}'), ["model"]).repeated).toBe(true);
    expect(scanObject(Buffer.from('{"model":"a","mod\\u0065l":"b"}'), ["model"]).repeated).toBe(true);
    expect(scanObject(Buffer.from('{"model":"a","x":{"model":"b"}}'), ["model"]).repeated).toBe(false);
  });

  test("any bytes end the scan", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void scanObject(bytes, ["model"])));
  });
});

describe("finding the JSON error", () => {
  test("agrees with JSON.parse on which text is valid", () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "[", '"', "\\", "0", "nul", "\n", "-"))
      .map(([text, at, insert]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + insert + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), mutated, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(findJsonError(text) === undefined).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"a":1,}', 7, 1, 8],
    ['{"a":\n tru}', 7, 2, 2],
    ['{"a":', 5, 1, 6],
    ["", 0, 1, 1],
  ])("%j fails at offset %i", (text, offset, line, column) => {
    expect(findJsonError(text)).toEqual({ offset, line, column });
  });
});

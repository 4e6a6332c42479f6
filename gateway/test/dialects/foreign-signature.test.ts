import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReasoningSignature } from "../../src/core/part.ts";
import {
  type CarriedReasoning,
  unwrapSignature,
  wrapSignature,
} from "../../src/dialects/foreign-signature.ts";

const signatures = fc.record<ReasoningSignature>({
  origin: fc.constantFrom("openai-chat", "openai-responses", "anthropic-messages"),
  value: fc.string({ unit: "grapheme" }),
});

const extras = fc.record<Omit<CarriedReasoning, "signature">>(
  {
    id: fc.string(),
    redacted: fc.boolean(),
    pieces: fc.array(fc.tuple(fc.constantFrom("text" as const, "summary" as const), fc.nat())),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Omit<CarriedReasoning, "signature">>;

describe("a signature of another origin", () => {
  test("comes back whole, with all it carries", () => {
    fc.assert(
      fc.property(fc.option(signatures, { nil: undefined }), extras, (signature, carried) => {
        const unwrapped = unwrapSignature(wrapSignature(signature, carried));
        expect(unwrapped).toEqual({ ...(signature === undefined ? {} : { signature }), ...carried });
      }),
    );
  });

  test("fits in a header-safe alphabet", () => {
    const wrapped = wrapSignature(
      { origin: "openai-responses", value: "gAAAA\u0000=\u{1F600}" },
      { id: "rs_1" },
    );
    expect(wrapped).toMatch(/^entente:[A-Za-z0-9_-]+$/);
  });

  test.each([
    "",
    "ErUBCkYIBhgCIkD",
    "entente",
    "entente:",
    "entente:!!!!",
    `entente:${Buffer.from("[1,2]").toString("base64url")}`,
    `entente:${Buffer.from("null").toString("base64url")}`,
    `entente:${Buffer.from('{"origin":"elsewhere","value":"x"}').toString("base64url")}`,
    `entente:${Buffer.from('{"origin":"openai-chat"}').toString("base64url")}`,
    `entente:${Buffer.from('{"origin":"openai-chat","value":7}').toString("base64url")}`,
    `entente:${Buffer.from("[".repeat(100_000)).toString("base64url")}`,
  ])("is not seen in %j", (value) => {
    expect(unwrapSignature(value)).toBeUndefined();
  });

  test("keeps only fields of the right type, and never touches a prototype", () => {
    const hostile = '{"__proto__":{"polluted":true},"id":7,"redacted":"yes","pieces":[["text",-1]]}';
    expect(unwrapSignature(`entente:${Buffer.from(hostile).toString("base64url")}`)).toEqual({});
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("never throws on any text", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        unwrapSignature(`entente:${value}`);
        unwrapSignature(value);
      }),
    );
  });
});

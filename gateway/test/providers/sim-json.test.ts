import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { valueFor } from "../../src/providers/sim/sim-json.ts";

// Without `ownProperties` every value has a property called toString.
const ajv = new Ajv2020({ strict: false, validateSchema: false, ownProperties: true });
addFormats.default(ajv);

function check(schema: JsonObject): void {
  const value: unknown = JSON.parse(JSON.stringify(valueFor(schema)));
  const valid = ajv.validate(schema, value);
  ajv.removeSchema();
  expect(valid ? [] : [ajv.errors, schema, value]).toEqual([]);
}

const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 40 }));

const schema: fc.Arbitrary<JsonObject> = fc.letrec<{ any: JsonObject }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<JsonObject>(
      { type: "boolean" },
      { type: "null" },
      { type: "string" },
      { type: "integer" },
      {},
    ),
    fc
      .constantFrom(
        "date-time",
        "date",
        "email",
        "uri",
        "uuid",
        "ipv4",
        "ipv6",
        "hostname",
        "time",
        "duration",
      )
      .map((format) => ({ type: "string", format })),
    fc
      .tuple(fc.nat(20), fc.nat(20))
      .map(([least, more]) => ({ type: "string", minLength: least, maxLength: least + more })),
    range.map(([minimum, more]) => ({ type: "integer", minimum, maximum: minimum + more })),
    range.map(([low, more]) => ({ type: "number", exclusiveMinimum: low, exclusiveMaximum: low + more + 1 })),
    fc
      .constantFrom(2, 3, 5, 10)
      .map((multipleOf) => ({ type: "integer", multipleOf, minimum: -20, maximum: 30 })),
    fc
      .array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 3 })
      .map((values) => ({ enum: values })),
    fc.oneof(fc.string(), fc.integer(), fc.boolean()).map((value) => ({ const: value })),
    fc
      .tuple(tie("any"), fc.nat(4), fc.nat(3))
      .map(([items, minItems, more]) => ({ type: "array", items, minItems, maxItems: minItems + more })),
    fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc
      .tuple(
        fc.dictionary(fc.constantFrom("a", "b", "constructor", "toString", "ü"), tie("any"), { maxKeys: 4 }),
        fc.boolean(),
      )
      .map(([properties, closed]) => ({
        type: "object",
        properties,
        required: Object.keys(properties).slice(0, 2),
        ...(closed ? { additionalProperties: false } : {}),
      })),
  ),
})).any;

describe("values for a JSON Schema", () => {
  test("are valid for it", () => {
    fc.assert(
      fc.property(schema, (each) => check(each)),
      { numRuns: 300 },
    );
  });

  test.each<[string, JsonObject]>([
    [
      "strict structured output with nullable fields",
      {
        type: "object",
        properties: {
          a: { type: ["string", "null"] },
          b: { anyOf: [{ $ref: "#/$defs/x" }, { type: "null" }] },
        },
        required: ["a", "b"],
        additionalProperties: false,
        $defs: {
          x: {
            type: "object",
            properties: { y: { type: "number" } },
            required: ["y"],
            additionalProperties: false,
          },
        },
      },
    ],
    [
      "a tree that contains itself in arrays",
      {
        $ref: "#/$defs/node",
        $defs: {
          node: {
            type: "object",
            properties: {
              value: { type: "string" },
              children: { type: "array", items: { $ref: "#/$defs/node" } },
            },
            required: ["value", "children"],
          },
        },
      },
    ],
    [
      "a list that contains itself behind null",
      {
        type: "object",
        properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
        required: ["next"],
      },
    ],
    [
      "allOf",
      {
        allOf: [
          { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
          { properties: { b: { type: "integer" } }, required: ["b"] },
        ],
      },
    ],
    [
      "a tuple",
      { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false, minItems: 2 },
    ],
    [
      "a required name that has no schema",
      { type: "object", required: ["x"], additionalProperties: { type: "boolean" } },
    ],
    ["no type but properties", { properties: { a: { const: 4 } }, required: ["a"] }],
    ["a pointer with escapes", { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "integer" } } }],
  ])("%s", (_, each) => check(each));

  test("have a property called __proto__ where it is required", () => {
    const value = valueFor({ type: "object", required: ["__proto__"], additionalProperties: { const: 1 } });
    expect(JSON.stringify(value)).toBe('{"__proto__":1}');
  });

  test.each<[string, JsonObject]>([
    ["a reference to itself", { $ref: "#" }],
    ["a reference to nowhere", { $ref: "#/$defs/x" }],
    ["a remote reference", { $ref: "https://example.com/schema.json" }],
    [
      "a value that must contain itself",
      { type: "object", properties: { a: { $ref: "#" } }, required: ["a"] },
    ],
    ["allOf of itself", { allOf: [{ $ref: "#" }] }],
    ["an array that is too long", { type: "array", minItems: 1e9, items: { type: "null" } }],
    ["a string that is too long", { type: "string", minLength: 1e9 }],
    [
      "a tree that is too wide",
      { $ref: "#/$defs/n", $defs: { n: { type: "array", minItems: 9, items: { $ref: "#/$defs/n" } } } },
    ],
  ])("%s is refused, at once", (_, each) => {
    expect(() => valueFor(each)).toThrow("JSON Schema");
  });
});

import * as fc from "fast-check";
import type { ChatDialectId, Extra } from "../../src/core/extra.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";

const dialects: readonly ChatDialectId[] = ["openai-chat", "openai-responses", "anthropic-messages"];

/** Text that a naive framing or concatenation would break on, and any other. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 10 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\n",
      "a\r\n\r\nb",
      "data: [DONE]\n\n",
      '"}',
      "\u2028",
      "naïve 日本 🎉",
      "\\",
      "0",
    ),
  },
);

export const word: fc.Arbitrary<string> = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/);

export const count: fc.Arbitrary<number> = fc.integer({ min: 1, max: 5000 });

/** Two decimal places: JSON writes them as they are. */
export const decimal = (minimum: number, maximum: number): fc.Arbitrary<number> =>
  fc.integer({ min: minimum * 100, max: maximum * 100 }).map((hundredths) => hundredths / 100);

/** A JSON value that survives JSON text: no -0. */
export const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

export const jsonObject: fc.Arbitrary<JsonObject> = fc.dictionary(word, json, {
  maxKeys: 3,
  noNullPrototype: true,
});

/** An object of a kind that no dialect knows. */
export const unknownKind: fc.Arbitrary<JsonObject> = fc
  .tuple(word, jsonObject)
  .map(([kind, fields]) => ({ ...fields, type: `x_${kind}` }));

/** Once in a while of another dialect than the one under test. */
export function origin(own: ChatDialectId, wild: boolean): fc.Arbitrary<ChatDialectId> {
  return wild ? fc.constantFrom(...dialects) : fc.constant(own);
}

export function extra(own: ChatDialectId, wild: boolean): fc.Arbitrary<Extra> {
  return fc.record({
    dialect: origin(own, wild),
    fields: fc.dictionary(
      word.map((name) => `x_${name}`),
      json.filter((value) => value !== null),
      { minKeys: 1, maxKeys: 2, noNullPrototype: true },
    ),
  });
}

/** Present in about one of `one in` samples. */
export function maybe<Value>(present: boolean, value: fc.Arbitrary<Value>, oneIn = 3) {
  return present ? fc.option(value, { nil: undefined, freq: oneIn - 1 }) : fc.constant(undefined);
}

type Defined<Fields> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
};

/** The object without its undefined fields, as the neutral form wants it. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}

/** Draws a number below a bound, the same ones in the same order for the same seed. */
export type Draw = (below: number) => number;

/** Mulberry32: much cheaper than drawing each number from fast-check, and as repeatable. */
export const draws: fc.Arbitrary<() => Draw> = fc.nat().map((seed) => () => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
});

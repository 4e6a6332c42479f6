import type { ErrorCode } from "../core/errors.ts";
import type { ChatDialectId, Extra } from "../core/extra.ts";
import { Fault } from "../core/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";

function kindOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}

const isString = (value: Json): value is string => typeof value === "string";
const isBoolean = (value: Json): value is boolean => typeof value === "boolean";
const isArray = (value: Json): value is Json[] => Array.isArray(value);
/** `JSON.parse` makes Infinity of 1e999. */
const isNumber = (value: Json): value is number => Number.isFinite(value);
const isInteger = (value: Json): value is number => Number.isSafeInteger(value);

/**
 * Reads one untrusted JSON object field by field and remembers which fields were taken, so that `rest` can keep the
 * others. null counts as absent. Only own properties are seen.
 *
 * `Reader.request` is strict: a field of a wrong type throws `invalid_request` with the field's path. `Reader.answer`
 * is liberal: an optional field of a wrong type counts as absent and stays in the rest; only a required field that is
 * missing or wrong throws, as `provider_bad_answer`.
 */
export class Reader {
  /** Path of this object in the body, e.g. `messages[2]`; "" for the body itself. */
  readonly path: string;
  readonly #body: JsonObject;
  readonly #strict: boolean;
  readonly #taken: string[] = [];

  private constructor(body: JsonObject, path: string, strict: boolean) {
    this.#body = body;
    this.path = path;
    this.#strict = strict;
  }

  static request(body: JsonObject, path = ""): Reader {
    return new Reader(body, path, true);
  }

  static answer(body: JsonObject, path = ""): Reader {
    return new Reader(body, path, false);
  }

  /** Path of a field of this object. */
  at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  /** The fault that says what is wrong with a field; without a key, with the object itself. */
  fault(key: string | undefined, detail: string): Fault {
    const code: ErrorCode = this.#strict ? "invalid_request" : "provider_bad_answer";
    const param = key === undefined ? this.path : this.at(key);
    return new Fault(code, param === "" ? { detail } : { detail, param });
  }

  /** Looks at a field without taking it; undefined where absent or null. */
  peek(key: string): Json | undefined {
    return Object.hasOwn(this.#body, key) ? (this.#body[key] ?? undefined) : undefined;
  }

  has(key: string): boolean {
    return this.peek(key) !== undefined;
  }

  /** Takes a field of any type; undefined where absent or null. */
  take(key: string): Json | undefined {
    this.#taken.push(key);
    return this.peek(key);
  }

  /** The whole object as it came. */
  verbatim(): JsonObject {
    return this.#body;
  }

  string(key: string): string {
    return this.#required(key, "a string", this.optionalString(key));
  }

  optionalString(key: string): string | undefined {
    return this.#typed(key, "a string", isString);
  }

  number(key: string): number {
    return this.#required(key, "a number", this.optionalNumber(key));
  }

  optionalNumber(key: string): number | undefined {
    return this.#typed(key, "a number", isNumber);
  }

  integer(key: string): number {
    return this.#required(key, "an integer", this.optionalInteger(key));
  }

  optionalInteger(key: string): number | undefined {
    return this.#typed(key, "an integer", isInteger);
  }

  boolean(key: string): boolean {
    return this.#required(key, "a boolean", this.optionalBoolean(key));
  }

  optionalBoolean(key: string): boolean | undefined {
    return this.#typed(key, "a boolean", isBoolean);
  }

  array(key: string): Json[] {
    return this.#required(key, "an array", this.optionalArray(key));
  }

  optionalArray(key: string): Json[] | undefined {
    return this.#typed(key, "an array", isArray);
  }

  /** An object kept verbatim. */
  json(key: string): JsonObject {
    return this.#required(key, "an object", this.optionalJson(key));
  }

  optionalJson(key: string): JsonObject | undefined {
    return this.#typed(key, "an object", isJsonObject);
  }

  /** An object to be read in turn. */
  object(key: string): Reader {
    return new Reader(this.json(key), this.at(key), this.#strict);
  }

  optionalObject(key: string): Reader | undefined {
    const body = this.optionalJson(key);
    return body === undefined ? undefined : new Reader(body, this.at(key), this.#strict);
  }

  /** An array of objects, each to be read in turn. Liberal readers skip what is not an object. */
  items(key: string): Reader[] {
    return this.#required(key, "an array", this.optionalItems(key));
  }

  optionalItems(key: string): Reader[] | undefined {
    const array = this.optionalArray(key);
    if (array === undefined) return undefined;
    const items: Reader[] = [];
    for (const [index, value] of array.entries()) {
      const path = `${this.at(key)}[${index}]`;
      if (isJsonObject(value)) items.push(new Reader(value, path, this.#strict));
      else if (this.#strict) throw this.#wrong(path, "an object", value);
    }
    return items;
  }

  strings(key: string): string[] {
    return this.#required(key, "an array of strings", this.optionalStrings(key));
  }

  optionalStrings(key: string): string[] | undefined {
    const array = this.optionalArray(key);
    if (array === undefined) return undefined;
    const strings: string[] = [];
    for (const [index, value] of array.entries()) {
      if (typeof value === "string") strings.push(value);
      else if (this.#strict) throw this.#wrong(`${this.at(key)}[${index}]`, "a string", value);
    }
    return strings;
  }

  /** One of a few words. */
  oneOf<const Word extends string>(key: string, words: readonly Word[]): Word {
    return this.#required(key, `one of ${words.join(", ")}`, this.optionalOneOf(key, words));
  }

  optionalOneOf<const Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    return this.#typed(key, `one of ${words.join(", ")}`, (value): value is Word =>
      (words as readonly Json[]).includes(value),
    );
  }

  /** The fields that nobody took and that are not null; undefined where there are none. */
  rest(dialect: ChatDialectId): Extra | undefined {
    let fields: [string, Json][] | undefined;
    for (const key of Object.keys(this.#body)) {
      const value = this.#body[key];
      if (value === undefined || value === null || this.#taken.includes(key)) continue;
      fields ??= [];
      fields.push([key, value]);
    }
    // fromEntries defines properties, so that a field named `__proto__` is only a field.
    return fields === undefined ? undefined : { dialect, fields: Object.fromEntries(fields) };
  }

  #typed<Value extends Json>(
    key: string,
    expected: string,
    matches: (value: Json) => value is Value,
  ): Value | undefined {
    const value = this.peek(key);
    if (value === undefined || matches(value)) {
      this.#taken.push(key);
      return value;
    }
    if (this.#strict) throw this.#wrong(this.at(key), expected, value);
    return undefined;
  }

  #required<Value>(key: string, expected: string, value: Value | undefined): Value {
    if (value === undefined) throw this.#wrong(this.at(key), expected, this.peek(key));
    return value;
  }

  #wrong(param: string, expected: string, value: Json | undefined): Fault {
    const got = typeof value === "string" && expected.startsWith("one of") ? "another word" : kindOf(value);
    return new Fault(this.#strict ? "invalid_request" : "provider_bad_answer", {
      param,
      detail: `Expected ${expected}, got ${got}.`,
    });
  }
}

import { z } from "zod";
import {
  readBoolean,
  readDuration,
  readInteger,
  readNumber,
  readSize,
  readTime,
  readUsd,
} from "./read-values.ts";

// The kinds of value that a setting can have. `expected` is what a person should write; it stands in error messages
// and in the reference page. Numbers and booleans may also be `${ENV}` text, which is filled in before validation.

/** What a kind of value adds to its JSON Schema: `expected` and `unit` for our own pages, the rest for editors. */
type Shape = Readonly<Record<string, unknown>>;

const interpolation = { type: "string", pattern: "\\$\\{" };

/** A setting written as one word or number. `read` answers undefined where the value is not what is expected. */
export function scalar<T>(read: (value: unknown) => T | undefined, expected: string, shape: Shape) {
  return z
    .unknown()
    .meta({ ...shape, expected })
    .transform((value, context): T => {
      const result = read(value);
      if (result === undefined) {
        context.addIssue({ code: "custom", message: expected });
        return z.NEVER;
      }
      return result;
    });
}

function within(read: (value: unknown) => number | undefined, minimum: number, maximum: number) {
  return (value: unknown): number | undefined => {
    const number = read(value);
    return number !== undefined && number >= minimum && number <= maximum ? number : undefined;
  };
}

export function integer(minimum: number, maximum: number) {
  return scalar(
    within(readInteger, minimum, maximum),
    `a whole number from ${minimum} to ${maximum === Number.MAX_SAFE_INTEGER ? "2^53" : maximum}`,
    { anyOf: [{ type: "integer", minimum, maximum }, interpolation] },
  );
}

/** A number above 0 or, with `zero`, from 0. */
export function number(maximum: number, { zero }: { zero: boolean }) {
  const positive = (value: unknown) => {
    const result = within(readNumber, 0, maximum)(value);
    return result === 0 && !zero ? undefined : result;
  };
  return scalar(positive, `a number ${zero ? "from" : "above"} 0${zero ? "" : " and"} up to ${maximum}`, {
    anyOf: [{ type: "number", [zero ? "minimum" : "exclusiveMinimum"]: 0, maximum }, interpolation],
  });
}

export function flag() {
  return scalar(readBoolean, "true or false", { anyOf: [{ type: "boolean" }, interpolation] });
}

const longestDuration = 2 ** 31 - 1;

/** -> milliseconds, from 1 to what a timer of the runtime can wait (24.8 days). */
export function duration(maximum = longestDuration) {
  return scalar(within(readDuration, 1, maximum), "a duration such as 30s, 500ms or 2m", {
    unit: "milliseconds",
    anyOf: [
      { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?\\s*(ms|s|m|h|d)?$" },
      { type: "integer", minimum: 1, maximum },
      interpolation,
    ],
  });
}

/** -> bytes. */
export function size(maximum: number) {
  return scalar(within(readSize, 1, maximum), `a size such as 64 MiB, up to ${maximum / 1024 ** 2} MiB`, {
    unit: "bytes",
    anyOf: [
      { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?\\s*(B|KB|MB|GB|KiB|MiB|GiB)?$" },
      { type: "integer", minimum: 1, maximum },
      interpolation,
    ],
  });
}

/** -> Unix milliseconds. */
export function time() {
  return scalar(readTime, "a date such as 2026-11-01, or a time with its zone such as 2026-11-01T08:00:00Z", {
    type: "string",
  });
}

/** USD per million units -> nano-dollars per million units. */
export function usd() {
  return scalar(readUsd, "USD per million as a decimal such as 0.15, at most 9 decimals", {
    anyOf: [
      { type: "string", pattern: "^[0-9]+(\\.[0-9]{1,9})?$" },
      { type: "number", minimum: 0, maximum: 1_000_000_000 },
      interpolation,
    ],
  });
}

export function text(expected = "text") {
  return z
    .string({ error: `${expected} (in quotes where it looks like a number)` })
    .min(1, { error: expected })
    .meta({ expected });
}

/** Text that must have a form. */
export function matching(pattern: RegExp, expected: string) {
  return scalar((value) => (typeof value === "string" && pattern.test(value) ? value : undefined), expected, {
    type: "string",
  });
}

/** A name that the operator chooses. */
export function name(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected }).meta({ expected });
}

export function oneOf<const Value extends string>(values: readonly Value[]) {
  const expected =
    values.length === 1 ? `${values[0]}` : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return scalar((value) => values.find((candidate) => candidate === value), expected, {
    anyOf: [{ enum: values }, interpolation],
  });
}

export function list<Item extends z.ZodType>(item: Item, expected: string) {
  return z.array(item, { error: expected });
}

/**
 * Settings by fixed names. An unknown name is an error whose message is the valid names, one a line: from it
 * `collectProblems` makes one problem for each unknown name, with the nearest valid one.
 */
export function section<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  const names = Object.keys(fields);
  return z.strictObject(fields, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? names.join("\n") : `settings by name: ${names.join(", ")}`,
  });
}

/** Settings by names of the operator's choice. */
export function named<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
  expected: string,
) {
  return z.record(key, value, { error: expected });
}

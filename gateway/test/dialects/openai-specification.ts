import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";

/** OpenAI's own specification, beside the repository; absent in a bare checkout. */
const file = join(import.meta.dirname, "../../../../shared/reference/specs/openai-openapi.json");

/**
 * The document is OpenAPI 3.1 with leftovers of 3.0: `nullable` beside `$ref` or `enum` means "or null". Its
 * alternatives overlap, so that hardly anything is exactly one of them: any will do.
 */
function repaired(text: string): object {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === "" || typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const { oneOf, nullable, ...rest } = value as Record<string, unknown>;
    const schema = oneOf === undefined ? rest : { ...rest, anyOf: oneOf };
    return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
  }) as object;
}

function compiled(): (name: string) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  ajv.addSchema(repaired(readFileSync(file, "utf8")), "openai");
  return (name) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (validate === undefined) throw new Error(`the specification has no ${name}`);
    return validate;
  };
}

/** Schemas of the specification, by name. */
interface Specification {
  readonly takes: (name: string, value: unknown) => boolean;
  /** As a test's expectation, with what is wrong where it is not. */
  readonly expectValid: (name: string, value: unknown) => void;
}

/** Describes tests against the specification where it is on this machine; where it is not, one test says so. */
export function describeSpecification(body: (specification: Specification) => void): void {
  describe("OpenAI's specification", () => {
    if (!existsSync(file)) {
      test("is not on this machine: nothing was checked", () => expect(existsSync(file)).toBe(false));
      return;
    }
    const schema = compiled();
    body({
      takes: (name, value) => schema(name)(value),
      expectValid: (name, value) => {
        const validate = schema(name);
        expect(validate(value) ? [] : validate.errors, JSON.stringify(value)).toEqual([]);
      },
    });
  });
}

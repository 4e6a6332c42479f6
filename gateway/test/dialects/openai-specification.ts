import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** OpenAI's own specification, beside the repository; absent in a bare checkout. */
const file = join(import.meta.dirname, "../../../../shared/reference/specs/openai-openapi.json");

export const specificationExists = existsSync(file);

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

/** Compiles the schemas of the specification by name. */
export function specificationSchemas(): (name: string) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  ajv.addSchema(repaired(readFileSync(file, "utf8")), "openai");
  return (name) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (validate === undefined) throw new Error(`the specification has no ${name}`);
    return validate;
  };
}

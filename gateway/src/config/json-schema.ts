import { z } from "zod";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { configSchema } from "./schema.ts";

/** JSON Schema (2020-12) of entente.yaml, for editors. */
export function configJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    override: ({ jsonSchema }) => {
      // What is only for the reference page.
      delete jsonSchema["expected"];
      delete jsonSchema["unit"];
    },
  });
  return { title: "entente.yaml", ...plain(schema) };
}

/** The same with `expected` (what to write, in words) and `unit` (`milliseconds`, `bytes`) on every value. */
export function annotatedConfigSchema(): JsonObject {
  return plain(z.toJSONSchema(configSchema, { io: "input" }));
}

function plain(schema: object): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(schema));
  if (!isJsonObject(copy)) throw new TypeError("a JSON Schema is an object");
  return copy;
}

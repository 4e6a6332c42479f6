import { configJsonSchema } from "../config/json-schema.ts";
import { type Terminal, writeJson } from "./terminal.ts";

/** `entente config schema` */
export function schemaCommand(terminal: Terminal): void {
  writeJson(terminal, configJsonSchema());
}

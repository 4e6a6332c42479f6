import { type ConfigPath, type ConfigProblem, type Position, showPath } from "./config-error.ts";

/** Where in the file a value, or the key before it, stands. */
export type Locate = (path: ConfigPath, of: "key" | "value") => Position | undefined;

/** Something wrong at a place, before it is known where in the file that is. */
export interface Finding {
  readonly path: ConfigPath;
  readonly message: string;
  readonly of: "key" | "value";
}

export function toProblem({ path, message, of }: Finding, locate: Locate): ConfigProblem {
  const position = locate(path, of);
  return { path: showPath(path), message, ...(position === undefined ? {} : { position }) };
}

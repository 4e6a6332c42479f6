/** Where in the config a value stands: keys and list positions from the root. */
export type ConfigPath = readonly (string | number)[];

/** In the file; both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ConfigProblem {
  /** `providers.openai.kind`, `channels[0].price`, or the name of a flag or environment variable. */
  readonly path: string;
  /** What is wrong, what was expected. Never holds a secret. */
  readonly message: string;
  readonly position?: Position;
}

/** The config cannot be used. Its message lists every problem, a line each. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  readonly file: string | undefined;

  constructor(problems: readonly ConfigProblem[], file?: string) {
    super(problems.map((problem) => describeProblem(problem, file)).join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
    this.file = file;
  }
}

function describeProblem({ path, message, position }: ConfigProblem, file: string | undefined): string {
  const place = position === undefined ? "" : `:${position.line}:${position.column}`;
  const start = file === undefined ? "" : `${file}${place}: `;
  return `${start}${path === "" ? "" : `${path}: `}${message}`;
}

/** `["channels", 0, "price"]` -> `channels[0].price`. */
export function showPath(path: ConfigPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

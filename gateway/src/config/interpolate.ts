import type { ConfigPath } from "./config-error.ts";

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  readonly value: unknown;
  /** `JSON.stringify(path)` -> the text as written, for every value that came from the environment in part or whole. */
  readonly written: ReadonlyMap<string, string>;
  readonly problems: readonly { readonly path: ConfigPath; readonly message: string }[];
}

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string value (never in keys); `$${` stands for `${`. A value
 * that becomes empty counts as not set and is left out.
 */
export function interpolate(root: unknown, environment: Environment): Interpolated {
  const written = new Map<string, string>();
  const problems: { path: ConfigPath; message: string }[] = [];

  function fill(text: string, path: ConfigPath): string | undefined {
    let fromEnvironment = false;
    const filled = text.replace(
      reference,
      (match, name: string | undefined, fallback: string | undefined) => {
        if (match === "$${") return "${";
        if (name === undefined) {
          problems.push({
            path,
            message: "'${' opens no variable; write ${NAME}, or $${ for the two characters",
          });
          return "";
        }
        fromEnvironment = true;
        const value = environment[name];
        if (value !== undefined && value !== "") return value;
        if (fallback === undefined)
          problems.push({ path, message: `the environment variable ${name} is not set` });
        return fallback ?? "";
      },
    );
    if (fromEnvironment) written.set(JSON.stringify(path), text);
    return fromEnvironment && filled === "" ? undefined : filled;
  }

  function walk(value: unknown, path: ConfigPath): unknown {
    if (typeof value === "string") return value.includes("${") ? fill(value, path) : value;
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    const copy: Record<string, unknown> = Object.create(null);
    for (const [key, item] of Object.entries(value)) {
      if (key === "__proto__") {
        problems.push({ path: [...path, key], message: "not a name that can be used" });
        continue;
      }
      const filled = walk(item, [...path, key]);
      if (filled !== undefined) copy[key] = filled;
    }
    return copy;
  }

  return { value: walk(root, []), written, problems };
}

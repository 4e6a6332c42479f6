import type { Principal } from "../core/principal.ts";

interface Compiled {
  readonly names: ReadonlySet<string>;
  /** `openai/` for the pattern `openai/*`. */
  readonly prefixes: readonly string[];
}

/** Compiled once for each key: the list belongs to a principal that lives as long as its key is unchanged. */
const compiled = new WeakMap<readonly string[], Compiled>();

/**
 * Whether the key may ask for that name. It may if the name itself is allowed, be it a model, a channel or a route; or
 * if every model that may answer is allowed, so that no fallback leads past the list.
 * @param requestedName As the caller wrote it.
 * @param modelIds Catalogue ids of all models that the name stands for.
 */
export function isModelAllowed(
  principal: Principal,
  requestedName: string,
  modelIds: readonly string[],
): boolean {
  const { allowedModels } = principal;
  if (allowedModels === undefined) return true;
  let rules = compiled.get(allowedModels);
  if (rules === undefined) {
    rules = compile(allowedModels);
    compiled.set(allowedModels, rules);
  }
  const { names, prefixes } = rules;
  const matches = (name: string) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return matches(requestedName) || (modelIds.length > 0 && modelIds.every(matches));
}

/** Whether it can stand in a list of allowed models: a name, or a prefix up to a slash and `*`. */
export function isModelPattern(text: string): boolean {
  return /^[^\s*,]+$/.test(text) || /^[^\s*,]+\/\*$/.test(text);
}

function compile(patterns: readonly string[]): Compiled {
  const isPrefix = (pattern: string) => pattern.endsWith("/*");
  return {
    names: new Set(patterns.filter((pattern) => !isPrefix(pattern))),
    prefixes: patterns.filter(isPrefix).map((pattern) => pattern.slice(0, -1)),
  };
}

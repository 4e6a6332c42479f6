/** Keys and indexes of a path like `messages[2].parts[0].cache`; what follows `extra` is one key, whatever is in it. */
function segments(path: string): string[] {
  const found: string[] = [];
  let rest = path;
  while (rest !== "") {
    if (found.at(-1) === "extra") return [...found, rest];
    const dot = rest.search(/[.[\]]/);
    const name = dot === -1 ? rest : rest.slice(0, dot);
    if (name !== "") found.push(name === "extra" ? "extra" : name);
    rest = dot === -1 ? "" : rest.slice(dot + 1);
  }
  return found;
}

/** Whether a neutral value has the field that a loss names: `extra.x` is looked up among the extra's fields. */
export function hasPath(value: unknown, path: string): boolean {
  let current: unknown = value;
  let inExtra = false;
  for (const name of segments(path)) {
    if (typeof current !== "object" || current === null) return false;
    const holder: unknown = inExtra ? Reflect.get(current, "fields") : current;
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return false;
    current = Reflect.get(holder, name);
    inExtra = name === "extra";
  }
  return current !== undefined;
}

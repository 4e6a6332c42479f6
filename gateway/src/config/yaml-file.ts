import { ConfigError, type ConfigPath, type Position } from "./config-error.ts";
import type { Locate } from "./problem.ts";

export interface YamlFile {
  readonly value: unknown;
  /** Where a value stands, or the nearest thing around it that the file has; `of: "key"` for the key before it. */
  readonly locate: Locate;
}

/** @throws ConfigError with line and column where the text is not one YAML document that maps names to settings. */
export async function parseYaml(text: string, file: string): Promise<YamlFile> {
  const { LineCounter, isCollection, isMap, isNode, isScalar, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });

  function at(offset: number | undefined): Position | undefined {
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return line === 0 ? undefined : { line, column: col };
  }

  function fail(message: string, offset?: number): ConfigError {
    const position = at(offset);
    return new ConfigError([{ path: "", message, ...(position === undefined ? {} : { position }) }], file);
  }

  function locate(path: ConfigPath, of: "key" | "value"): Position | undefined {
    const parent = path.length === 0 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (isMap(parent) && path.length > 0) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path.at(-1));
      const node = of === "value" && isNode(pair?.value) ? pair.value : pair?.key;
      if (isNode(node)) return at(node.range?.[0]);
    }
    const node: unknown = path.length === 0 ? parent : document.getIn(path, true);
    if (isNode(node)) return at(node.range?.[0]);
    if (path.length <= 1)
      return isCollection(document.contents) ? at(document.contents.range?.[0]) : undefined;
    return locate(path.slice(0, -1), "key");
  }

  const [broken] = [...document.errors, ...document.warnings];
  // The first one only: what follows a slip of syntax is noise.
  if (broken !== undefined) throw fail(describeSyntax(broken, text), broken.pos[0]);
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    // The library's guard against aliases that multiply.
    throw fail("not valid YAML: its aliases expand to too much");
  }
  if (value === null || value === undefined) return { value: {}, locate };
  if (!isMap(document.contents))
    throw fail("expected settings by name, such as `listen:`", document.contents?.range?.[0]);
  return { value, locate };
}

function describeSyntax(
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
  text: string,
): string {
  if (error.code === "DUPLICATE_KEY") return "this name stands here twice";
  const line = text.slice(text.lastIndexOf("\n", error.pos[0] - 1) + 1, error.pos[0] + 2);
  if (/[[{,].*\$\{/.test(line)) return 'not valid YAML: inside { } and [ ], write "${NAME}" in quotes';
  // A parser quotes what it stumbled over, which may be a key.
  return `not valid YAML: ${error.message.replaceAll(/"(?:[^"\\]|\\.){9,}"/g, '"..."')}`;
}

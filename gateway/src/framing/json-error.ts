/**
 * Where a text stops being JSON (RFC 8259): offset in characters, line and column from 1; undefined where it is valid.
 * `JSON.parse` does not always say, and its message quotes the text, which must not reach a log.
 */
export function findJsonError(text: string): { offset: number; line: number; column: number } | undefined {
  const offset = errorOffset(text);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { offset, line, column: offset - before.lastIndexOf("\n") };
}

const whiteSpace = /[ \t\n\r]*/y;
/** A string without raw controls (U+0000 to U+001F), a number, or a word. */
const scalar = new RegExp(
  String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`,
  "y",
);

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** A state machine with its own stack, so that nesting cannot overflow ours. */
function errorOffset(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expect: "value" | "value or end" | "key" | "key or end" | "next" = "value";
  let at = 0;
  for (;;) {
    at = matchAt(whiteSpace, text, at);
    const character = text[at];
    const inside = open.at(-1);
    if (expect === "next") {
      if (inside === undefined) return at === text.length ? undefined : at;
      if (character === ",") expect = inside === "{" ? "key" : "value";
      else if (character === (inside === "{" ? "}" : "]")) open.pop();
      else return at;
      at += 1;
    } else if (expect === "key" || expect === "key or end") {
      if (character === "}" && expect === "key or end") {
        open.pop();
        expect = "next";
        at += 1;
        continue;
      }
      const end = character === '"' ? matchAt(scalar, text, at) : -1;
      if (end === -1) return at;
      at = matchAt(whiteSpace, text, end);
      if (text[at] !== ":") return at;
      at += 1;
      expect = "value";
    } else if (character === "]" && expect === "value or end") {
      open.pop();
      expect = "next";
      at += 1;
    } else if (character === "{" || character === "[") {
      open.push(character);
      expect = character === "{" ? "key or end" : "value or end";
      at += 1;
    } else {
      const end = matchAt(scalar, text, at);
      if (end === -1) return at;
      at = end;
      expect = "next";
    }
  }
}

type Random = () => number;

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

const numbers = [0, -1, 0.5, 1e308, -1e308, 2 ** 53, -0, 4_294_967_296];
const texts = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\u2028",
  "__proto__",
  "\r\nx-evil: 1",
  "../../etc/passwd",
  "a".repeat(5000),
  "<!--",
  "%s%n",
  "null",
  "😀".repeat(100),
];
const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "length",
  "type",
  "model",
  "content",
  "",
  "\u0000",
  "a".repeat(300),
];

function junk(random: Random, depth = 0): unknown {
  switch (Math.floor(random() * (depth > 3 ? 6 : 9))) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return pick(random, numbers);
    case 3:
    case 4:
    case 5:
      return pick(random, texts);
    case 6:
      return Array.from({ length: Math.floor(random() * 5) }, () => junk(random, depth + 1));
    case 7:
      return nested(Math.floor(random() * 300), random() < 0.5);
    default:
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 5) }, () => [pick(random, keys), junk(random, depth + 1)]),
      );
  }
}

function nested(levels: number, inArrays: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = inArrays ? [value] : { a: value };
  return value;
}

type Container = Record<string, unknown>;

/** Every object and array in a value, itself first. */
function containers(value: unknown, found: Container[] = []): Container[] {
  if (typeof value !== "object" || value === null) return found;
  found.push(value as Container);
  for (const inner of Object.values(value)) containers(inner, found);
  return found;
}

/** Changes one thing somewhere in a value, in place. */
function spoil(random: Random, value: unknown): void {
  const place = pick(random, containers(value));
  const names = Object.keys(place);
  const name = names.length === 0 ? "0" : pick(random, names);
  switch (Math.floor(random() * 5)) {
    case 0:
      delete place[name];
      break;
    case 1:
      if (Array.isArray(place)) place.push(junk(random));
      else
        Object.defineProperty(place, pick(random, keys), {
          value: junk(random),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      break;
    case 2:
      // The same thing again: twice the message, twice the tool.
      if (Array.isArray(place)) place.push(structuredClone(place[Number(name)]));
      else place[name] = [place[name]];
      break;
    default:
      place[name] = junk(random);
  }
}

function spoilText(random: Random, text: string): string | Uint8Array {
  const at = Math.floor(random() * text.length);
  const to = Math.min(text.length, at + Math.floor(random() * 20));
  switch (Math.floor(random() * 6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3:
      return `${text.slice(0, at)}${pick(random, texts)}${text.slice(at)}`;
    case 4: {
      const bytes = Buffer.from(text);
      for (let flips = 0; flips < 4; flips += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      return bytes;
    }
    default:
      return text.replace(
        "{",
        `{"${pick(random, keys).replaceAll("\u0000", "\\u0000")}":${JSON.stringify(junk(random)) ?? "1"},`,
      );
  }
}

/** A request's body with none to a few things wrong. */
export function mutated(random: Random, body: Readonly<Record<string, unknown>>): string | Uint8Array {
  const copy = structuredClone(body);
  for (let changes = Math.floor(random() * 3); changes > 0; changes -= 1) spoil(random, copy);
  const text = JSON.stringify(copy);
  return random() < 0.2 ? spoilText(random, text) : text;
}

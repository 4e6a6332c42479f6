const words = (
  "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna " +
  "aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis " +
  "aute irure in reprehenderit voluptate velit esse cillum fugiat nulla pariatur excepteur sint occaecat cupidatat"
).split(" ");
const sentence = 12;
const longestToken = 16;

/** The same text for the same seed: `tokens` words in sentences of twelve, each of them one token. */
export function loremText(tokens: number, seed: number): string {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  let text = "";
  for (let index = 0; index < tokens; index += 1) {
    // Linear congruential generator of Numerical Recipes; the high bits are the good ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const word = words[(state >>> 16) % words.length] ?? "lorem";
    const place = index % sentence;
    if (index > 0) text += " ";
    text += place === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    if (place === sentence - 1 || index === tokens - 1) text += ".";
  }
  return text;
}

/**
 * Where the token that begins at `from` ends: blanks and the word after them, at most sixteen UTF-16 units, never
 * inside a surrogate pair.
 */
export function tokenEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < longestToken && text.charCodeAt(end) <= 0x20) end += 1;
  while (end < text.length && end - from < longestToken && text.charCodeAt(end) > 0x20) end += 1;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff && end < text.length ? end + 1 : end;
}

export function countTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at = tokenEnd(text, at)) count += 1;
  return count;
}

/** At most `limit` tokens from the front of a text. */
export function firstTokens(text: string, limit: number): string {
  let at = 0;
  for (let count = 0; count < limit && at < text.length; count += 1) at = tokenEnd(text, at);
  return text.slice(0, at);
}

import { distance } from "fastest-levenshtein";

/** Longer than any model's name: what is longer is not a mistyped one. */
const longestName = 100;

/** A name ready to be compared: case aside, with a bit for each letter or digit it has. */
interface Word {
  readonly text: string;
  readonly letters: number;
}

interface Candidate {
  readonly name: string;
  readonly whole: Word;
  /** Without its prefix. */
  readonly tail: Word;
}

function word(text: string): Word {
  let letters = 0;
  for (let index = 0; index < text.length; index += 1) letters |= 1 << (text.charCodeAt(index) & 31);
  return { text, letters };
}

function candidate(name: string): Candidate {
  const text = name.toLowerCase();
  const whole = word(text);
  const slash = text.lastIndexOf("/");
  return { name, whole, tail: slash === -1 ? whole : word(text.slice(slash + 1)) };
}

const prepared = new WeakMap<readonly string[], readonly Candidate[]>();

function candidates(names: readonly string[]): readonly Candidate[] {
  let known = prepared.get(names);
  if (known === undefined) {
    known = names.map(candidate);
    prepared.set(names, known);
  }
  return known;
}

/**
 * The names most like a mistyped one, best first, case aside. A name is near where at most a third of the letters differ, or where
 * one begins or ends with the other; with or without its prefix. `names` must not change after it was first given: what is
 * worked out of it is kept, so that a stranger's wrong names cost about a millisecond each among 5,000.
 */
export function nearestNames(name: string, names: readonly string[], most = 3): readonly string[] {
  if (name.length === 0 || name.length > longestName) return [];
  const asked = candidate(name);
  const near: { readonly name: string; readonly score: number }[] = [];
  for (const known of candidates(names)) {
    let score = unlikeness(asked.whole, known.whole);
    if (asked.tail !== asked.whole || known.tail !== known.whole) {
      score = Math.min(score, unlikeness(asked.tail, known.tail) + 0.5);
    }
    if (score < Number.POSITIVE_INFINITY) near.push({ name: known.name, score });
  }
  near.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return near.slice(0, most).map(({ name }) => name);
}

/** Letters that differ; infinite where the two have little in common. */
function unlikeness(asked: Word, known: Word): number {
  const shorter = Math.min(asked.text.length, known.text.length);
  const longer = Math.max(asked.text.length, known.text.length);
  if (shorter === 0) return Number.POSITIVE_INFINITY;
  const most = Math.max(1, Math.floor(longer / 3));
  if (longer - shorter <= most && fewestEdits(asked.letters, known.letters) <= most) {
    const edits = distance(asked.text, known.text);
    if (edits <= most) return edits;
  }
  const [short, long] = asked.text.length === shorter ? [asked.text, known.text] : [known.text, asked.text];
  if (shorter >= 4 && (long.startsWith(short) || long.endsWith(short)))
    return most + (longer - shorter) / longer;
  return Number.POSITIVE_INFINITY;
}

/** Each letter that only one side has costs at least one edit; cheaper to tell than the distance. */
function fewestEdits(asked: number, known: number): number {
  return Math.max(ones(asked & ~known), ones(known & ~asked));
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

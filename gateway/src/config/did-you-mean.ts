import { distance } from "fastest-levenshtein";

/** The candidate that was most likely meant; undefined where none is close. Case does not count. */
function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(4, Math.max(1, Math.floor(name.length / 2))) + 1;
  for (const candidate of candidates) {
    const steps = distance(wanted, candidate.toLowerCase());
    if (steps < bestDistance) {
      best = candidate;
      bestDistance = steps;
    }
  }
  return best;
}

/** ` Did you mean 'x'?`-style ending for a message about an unknown name; empty where nothing is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const guess = nearest(name, candidates);
  return guess === undefined ? "" : `; did you mean '${guess}'?`;
}

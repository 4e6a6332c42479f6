import type { TokenLogprob } from "../../core/part.ts";
import { tokenEnd } from "./sim-text.ts";

/** One entry for each token of a text; `top` of them with made-up rivals, likeliest first. */
export function simLogprobs(text: string, top: number): TokenLogprob[] {
  const entries: TokenLogprob[] = [];
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    entries.push(entryFor(text.slice(at, end), top));
    at = end;
  }
  return entries;
}

function entryFor(token: string, top: number): TokenLogprob {
  const own = { token, logprob: -0.125, bytes: [...Buffer.from(token)] };
  if (top === 0) return own;
  const rivals = Array.from({ length: Math.min(top, 20) - 1 }, (_, index) => {
    const rival = ` rival-${index + 1}`;
    return { token: rival, logprob: -2 - index, bytes: [...Buffer.from(rival)] };
  });
  return { ...own, top: [own, ...rivals] };
}

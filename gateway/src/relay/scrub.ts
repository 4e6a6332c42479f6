/** Shapes of credentials that vendors quote back in their messages, and of paths in their stack traces. */
const secrets = [
  /\b(?:sk|pk|rk|gsk|xai|ent|key|nvapi|hf|AIza|AKIA|ASIA)[-_][A-Za-z0-9_*.-]{6,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?/g,
  /\b[Bb]earer\s+[A-Za-z0-9._~+/=-]{8,}/g,
  /\b[A-Fa-f0-9]{32,}\b/g,
  /(?:\/(?:home|root|usr|var|opt|app|srv)\/|[A-Z]:\\)[^\s"']*/g,
];

const longest = 1000;

/** A vendor's sentence, fit to be shown: no credential, no path, one line, bounded. */
export function scrub(message: string): string {
  let text = message.slice(0, longest * 2).replaceAll(/\p{Cc}+/gu, " ");
  for (const pattern of secrets) text = text.replace(pattern, "[removed]");
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

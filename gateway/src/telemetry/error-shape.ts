/** An error as a log line shows it. */
export interface ErrorShape {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorShape;
}

const longestText = 2000;
const deepestCause = 4;

/** Anything that looks like a credential, whoever put it into an error's message. */
const credential =
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}|\b(?:sk|pk|ent|key|gsk|xai|AIza)[-_][\w-]{8,}|\beyJ[\w-]{4,}\.[\w-]+\.[\w-]*|([?&](?:api[-_]?key|key|token|sig)=)[^&\s"']+/gi;

/** Bounded in size and depth, without credentials. */
export function describeError(error: unknown, depth = 0): ErrorShape {
  if (!(error instanceof Error)) return { type: typeof error, message: clean(textOf(error)) };
  return {
    type: error.name,
    message: clean(error.message),
    ...(error.stack === undefined ? {} : { stack: clean(error.stack) }),
    ...(error.cause === undefined || depth >= deepestCause
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

function clean(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}...` : text;
  return short.replace(credential, (_, name: string | undefined) => `${name ?? ""}[redacted]`);
}

/** Only a text thrown is shown: an object could hold anything. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "not an error";
}

/**
 * What went wrong with an HTTP call. `connect`, `connect_timeout`, `busy`, `closed` and `invalid`: the provider saw
 * nothing of it. `broken`: it was sent, and the connection or the HTTP on it failed.
 */
export type UpstreamErrorKind = "connect" | "connect_timeout" | "busy" | "closed" | "invalid" | "broken";

const sentences: Readonly<Record<UpstreamErrorKind, string>> = {
  connect: "could not connect to the provider",
  connect_timeout: "no connection to the provider in time",
  busy: "too many calls are waiting for a connection to the provider",
  closed: "the transport is closed",
  invalid: "the call cannot be sent as HTTP",
  broken: "the provider's connection broke",
};

/** Why a call had no whole answer. Its message names an error code at most: no header, body or path. */
export class UpstreamError extends Error {
  readonly kind: UpstreamErrorKind;

  constructor(kind: UpstreamErrorKind, cause?: unknown) {
    const code = codeOf(cause);
    super(
      code === undefined ? sentences[kind] : `${sentences[kind]} (${code})`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "UpstreamError";
    this.kind = kind;
  }
}

/** True where nothing of the call reached the provider. */
export function isUnsent(error: unknown): boolean {
  return error instanceof UpstreamError && error.kind !== "broken";
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}

import type { ProviderFailure } from "../core/failure.ts";

/** What turns a provider's bytes into the client's: the same ones, or a translation. */
export interface StreamRelay {
  /** What the client gets for these bytes, always whole frames; undefined for nothing. */
  push(chunk: Uint8Array): string | Uint8Array | undefined;
  /** The provider's bytes ended; sets `failure` where the stream was not complete. */
  end(): string | Uint8Array | undefined;
  /** The provider has sent its first event of content: it is really answering. */
  readonly proved: boolean;
  /** The dialect's own sign of a whole stream has passed. */
  readonly complete: boolean;
  /** The stream is lost. What `push` returned before it stands. */
  readonly failure: ProviderFailure | undefined;
  /** What the answer held that the client's dialect cannot say. */
  readonly losses: readonly string[];
}

/** A stream that is over before it said anything. */
export const empty: ProviderFailure = {
  code: "provider_bad_answer",
  message: "the stream ended before it said anything",
};

/** An error of the provider inside the stream, or bytes that make no sense. */
export const unreadable: ProviderFailure = {
  code: "provider_bad_answer",
  message: "the stream could not be read",
};

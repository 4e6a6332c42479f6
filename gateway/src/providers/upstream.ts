/** One HTTP call to a provider. `origin` is scheme, host and port; `path` starts with a slash. */
export interface UpstreamCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds to a connected socket. */
  readonly connectTimeout: number;
}

/** Lower-case names; a repeated header's values joined with ", ". */
export type UpstreamHeaders = Readonly<Record<string, string>>;

/**
 * Hears the answer. `onHead` comes once before any `onData`; then exactly one of `onEnd` and `onError`, and nothing
 * after it. Never called before `Transport` has returned.
 */
export interface UpstreamListener {
  onHead(status: number, headers: UpstreamHeaders): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** The caller's hold on a running call. All three may be called at any time and any number of times. */
export interface UpstreamHandle {
  /** Asks for no more data; at most what the socket already holds still comes. */
  pause(): void;
  resume(): void;
  /** Closes the connection; nothing is heard after this returns. */
  abort(): void;
}

/** The only way out to a provider. */
export type Transport = (call: UpstreamCall, listener: UpstreamListener) => UpstreamHandle;

/** Headers of our answer, lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** The connection to whoever asked, described by the members the relay uses. */
export interface Client {
  /** Status and headers, once. */
  head(status: number, headers: AnswerHeaders): void;
  /** False where the client is slower than us: wait for `onDrain`. */
  write(chunk: string | Uint8Array): boolean;
  end(chunk?: string | Uint8Array): void;
  /** Ends the connection without a clean end. */
  abort(): void;
  onDrain(listener: () => void): void;
  /** The connection went away before `end`. */
  onClose(listener: () => void): void;
  readonly closed: boolean;
}

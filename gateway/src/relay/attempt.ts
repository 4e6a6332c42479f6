import type { Deadlines } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { ProviderFailure } from "../core/failure.ts";
import type { Transport, UpstreamCall, UpstreamHandle, UpstreamHeaders } from "../providers/upstream.ts";
import { isUnsent, UpstreamError } from "../providers/upstream-error.ts";
import { Deadline } from "./deadline.ts";

export interface Setback {
  readonly failure: ProviderFailure;
  /** Headers of the provider's refusal: how long to wait, whether to try again. */
  readonly headers: UpstreamHeaders;
  /** The provider may have taken the call: it was sent, and no refusal came back. */
  readonly taken: boolean;
}

/** How one call to one channel ended. */
export type AttemptEnd =
  /** A whole answer that the receiver holds or has delivered. */
  | { readonly kind: "complete" }
  /** It failed; whether the client has part of an answer, the receiver knows. */
  | ({ readonly kind: "failed" } & Setback)
  /** The client went away. */
  | { readonly kind: "cancelled" };

/** What becomes of the provider's bytes. Returns a failure to end the attempt, or `complete` when it has all. */
export interface Receiver {
  head(status: number, headers: UpstreamHeaders): void;
  data(chunk: Uint8Array): ProviderFailure | "complete" | undefined;
  end(): ProviderFailure | "complete";
  /** The provider has sent a first event: from now on the wait is between events. */
  readonly proved: boolean;
  /** Whether any byte shows that the provider is at work: so in a whole answer; in a stream only an event does. */
  readonly bytesCount: boolean;
}

export interface AttemptSettings {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly call: UpstreamCall;
  readonly deadlines: Deadlines;
  /** Milliseconds that are left of the whole call. */
  readonly remaining: number;
  readonly receiver: Receiver;
  /** Reading the answer failed of a mistake here, not of the answer. */
  readonly onMistake: (error: unknown) => void;
}

/** How long a stream that is complete may take to close before we do. */
const closeGrace = 1000;

/** One call to one channel, with its deadlines. */
export class Attempt {
  readonly #settings: AttemptSettings;
  readonly #promise = Promise.withResolvers<AttemptEnd>();
  readonly #deadline: Deadline;
  /** When the whole call is over, on the monotonic clock. */
  readonly #latest: number;
  #handle: UpstreamHandle | undefined;
  #headers: UpstreamHeaders = {};
  #status: number | undefined;
  #proved = false;
  #unsent = false;
  #over = false;
  #cancelClose: (() => void) | undefined;

  constructor(settings: AttemptSettings) {
    this.#settings = settings;
    const { clock, deadlines } = settings;
    this.#latest = clock.monotonic() + settings.remaining;
    // One timer for both waits: the whole call's end is looked at whenever something comes.
    this.#deadline = new Deadline(clock, Math.min(deadlines.firstEvent, settings.remaining), () =>
      this.#fail("provider_timeout", this.#proved ? "the stream fell silent" : "no answer in time"),
    );
  }

  /** Sends the call; resolves once, never rejects. */
  run(): Promise<AttemptEnd> {
    const { receiver } = this.#settings;
    this.#handle = this.#settings.transport(this.#settings.call, {
      onHead: (status, headers) => {
        if (this.#over) return;
        this.#status = status;
        this.#headers = headers;
        this.#read(() => receiver.head(status, headers));
      },
      onData: (chunk) => this.#onData(chunk),
      onEnd: () => {
        this.#handle = undefined;
        this.#cancelClose?.();
        if (!this.#over) this.#read(() => this.#judge(receiver.end()));
      },
      onError: (error) => {
        this.#unsent = isUnsent(error);
        if (!this.#over)
          this.#fail(this.#proved ? "provider_stream_broken" : transportCode(error), error.message);
        this.#handle = undefined;
        this.#cancelClose?.();
      },
    });
    return this.#promise.promise;
  }

  /** The client went away, or is about to. */
  cancel(): void {
    this.#finish({ kind: "cancelled" });
  }

  /** The client does not keep up: the provider's silence is now our doing, and only the end of the whole call counts. */
  pause(): void {
    if (this.#over) return;
    this.#deadline.restart(this.#left());
    this.#handle?.pause();
  }

  resume(): void {
    if (this.#over) return;
    const { betweenEvents } = this.#settings.deadlines;
    this.#deadline.restart(Math.min(betweenEvents, this.#left()));
    this.#handle?.resume();
  }

  /** Milliseconds of the whole call. */
  #left(): number {
    return Math.max(1, this.#latest - this.#settings.clock.monotonic());
  }

  #onData(chunk: Uint8Array): void {
    if (this.#over) return;
    const { receiver, deadlines } = this.#settings;
    if (this.#proved || receiver.bytesCount) {
      // The timer's waits start anew at every chunk; the end of the whole call is kept here.
      if (this.#deadline.touch() >= this.#latest) {
        this.#fail("provider_timeout", "the call took too long");
        return;
      }
    }
    try {
      this.#judge(receiver.data(chunk));
    } catch (error) {
      this.#mistake(error);
    }
    if (this.#proved || !receiver.proved || this.#over) return;
    this.#proved = true;
    this.#deadline.restart(Math.min(deadlines.betweenEvents, this.#left()));
  }

  /** Whatever an answer does to what reads it ends this call alone. */
  #read(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#mistake(error);
    }
  }

  #mistake(error: unknown): void {
    this.#settings.onMistake(error);
    this.#fail("provider_bad_answer", "the answer could not be read");
  }

  #judge(verdict: ProviderFailure | "complete" | undefined): void {
    if (verdict === undefined) return;
    if (verdict === "complete") this.#finish({ kind: "complete" });
    else this.#failWith(verdict);
  }

  #fail(code: ErrorCode, message: string): void {
    this.#failWith({ code, message });
  }

  #failWith(failure: ProviderFailure): void {
    const status = failure.status ?? this.#status;
    this.#finish({
      kind: "failed",
      failure: status === undefined ? failure : { ...failure, status },
      headers: this.#headers,
      taken: !this.#unsent && (status === undefined || status === 200),
    });
  }

  #finish(end: AttemptEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#deadline.clear();
    const handle = this.#handle;
    if (end.kind !== "complete") {
      handle?.abort();
    } else if (handle !== undefined) {
      // What is left of the body is a few bytes: read to its end, the connection can serve the next call.
      handle.resume();
      this.#cancelClose = this.#settings.clock.after(closeGrace, () => handle.abort());
    }
    this.#promise.resolve(end);
  }
}

function transportCode(error: Error): ErrorCode {
  const kind = error instanceof UpstreamError ? error.kind : "broken";
  if (kind === "connect_timeout") return "provider_timeout";
  return kind === "busy" ? "provider_overloaded" : "provider_unavailable";
}

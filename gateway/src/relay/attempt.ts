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
  readonly #total: Deadline;
  #handle: UpstreamHandle | undefined;
  #headers: UpstreamHeaders = {};
  #status: number | undefined;
  #proved = false;
  #unsent = false;
  #over = false;

  constructor(settings: AttemptSettings) {
    this.#settings = settings;
    const { clock, deadlines } = settings;
    this.#deadline = new Deadline(clock, deadlines.firstEvent, () =>
      this.#fail("provider_timeout", this.#proved ? "the stream fell silent" : "no answer in time"),
    );
    this.#total = new Deadline(clock, settings.remaining, () =>
      this.#fail("provider_timeout", "the call took too long"),
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
      onData: (chunk) => {
        if (this.#over) return;
        if (this.#proved || receiver.bytesCount) this.#deadline.touch();
        this.#read(() => this.#judge(receiver.data(chunk)));
        if (receiver.proved && !this.#proved) {
          this.#proved = true;
          if (!this.#over) this.#deadline.restart(this.#settings.deadlines.betweenEvents);
        }
      },
      onEnd: () => {
        if (!this.#over) this.#read(() => this.#judge(receiver.end()));
        this.#handle = undefined;
      },
      onError: (error) => {
        this.#unsent = isUnsent(error);
        if (!this.#over)
          this.#fail(this.#proved ? "provider_stream_broken" : transportCode(error), error.message);
        this.#handle = undefined;
      },
    });
    return this.#promise.promise;
  }

  /** The client went away, or is about to. */
  cancel(): void {
    this.#finish({ kind: "cancelled" });
  }

  /** The client does not keep up: the provider's silence is now our doing. */
  pause(): void {
    this.#deadline.suspend();
    this.#handle?.pause();
  }

  resume(): void {
    if (this.#over) return;
    this.#deadline.continue();
    this.#handle?.resume();
  }

  /** Whatever an answer does to what reads it ends this call alone. */
  #read(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#settings.onMistake(error);
      this.#fail("provider_bad_answer", "the answer could not be read");
    }
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
    this.#total.clear();
    const handle = this.#handle;
    if (end.kind === "complete") {
      // What is left of the body is a few bytes: read to its end, the connection can serve the next call.
      handle?.resume();
      this.#settings.clock.after(closeGrace, () => this.#handle?.abort());
    } else {
      handle?.abort();
    }
    this.#promise.resolve(end);
  }
}

function transportCode(error: Error): ErrorCode {
  const kind = error instanceof UpstreamError ? error.kind : "broken";
  if (kind === "connect_timeout") return "provider_timeout";
  return kind === "busy" ? "provider_overloaded" : "provider_unavailable";
}

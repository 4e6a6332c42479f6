import type { ChatDialect } from "../core/dialect.ts";
import type { ProviderFailure } from "../core/failure.ts";
import type { UpstreamHeaders } from "../providers/upstream.ts";
import type { Receiver } from "./attempt.ts";
import type { Delivery } from "./delivery.ts";
import type { Meter } from "./meter.ts";
import { PlainReceiver } from "./plain-receiver.ts";
import type { StreamRelay } from "./stream-relay.ts";

export interface StreamReceiverSettings {
  readonly dialect: ChatDialect;
  readonly relay: StreamRelay;
  readonly delivery: Delivery;
  readonly meter: Meter;
  /** The provider has proved itself; called before the client gets anything. */
  readonly onProved: (headers: UpstreamHeaders) => void;
  /** The client is slower than the provider. */
  readonly onSlow: () => void;
}

/** Hands a stream on as it comes. A refusal instead of a stream is gathered and read. */
export class StreamReceiver implements Receiver {
  // Comments in a stream may go on for ever.
  readonly bytesCount = false;
  readonly #settings: StreamReceiverSettings;
  #refusal: PlainReceiver | undefined;
  #headers: UpstreamHeaders = {};

  constructor(settings: StreamReceiverSettings) {
    this.#settings = settings;
  }

  get proved(): boolean {
    return this.#settings.delivery.committed;
  }

  head(status: number, headers: UpstreamHeaders): void {
    this.#headers = headers;
    if (status === 200 && headers["content-type"]?.includes("text/event-stream") === true) return;
    this.#refusal = new PlainReceiver(this.#settings.dialect, this.#settings.meter, false);
    this.#refusal.head(status, headers);
  }

  data(chunk: Uint8Array): ProviderFailure | "complete" | undefined {
    if (this.#refusal !== undefined) return this.#refusal.data(chunk);
    return this.#hand(this.#settings.relay.push(chunk));
  }

  end(): ProviderFailure | "complete" {
    if (this.#refusal !== undefined) {
      const verdict = this.#refusal.end();
      return verdict === "complete"
        ? { code: "provider_bad_answer", message: "a whole answer came where a stream was asked for" }
        : verdict;
    }
    return this.#hand(this.#settings.relay.end()) ?? "complete";
  }

  #hand(piece: string | Uint8Array | undefined): ProviderFailure | "complete" | undefined {
    const { relay, delivery } = this.#settings;
    if (relay.proved && !delivery.committed && (relay.failure === undefined || relay.complete)) {
      this.#settings.onProved(this.#headers);
      delivery.commit();
    }
    if (piece !== undefined && piece.length > 0) {
      if (delivery.committed) {
        if (!delivery.write(piece)) this.#settings.onSlow();
      } else if (!delivery.hold(piece)) {
        return { code: "provider_bad_answer", message: "the stream said too much before it began" };
      }
    }
    if (relay.failure !== undefined && !relay.complete) return relay.failure;
    return relay.complete ? "complete" : undefined;
  }
}

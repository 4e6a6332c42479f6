import type { Clock } from "../core/clock.ts";
import { sseComment } from "../framing/sse-writer.ts";
import type { AnswerHeaders, Client } from "./client.ts";

/** Most bytes held back while the provider has not proved itself. */
const maximumHeld = 1024 * 1024;

export interface DeliverySettings {
  readonly client: Client;
  readonly clock: Clock;
  /** Milliseconds of silence after which a streaming client gets a comment. */
  readonly keepAlive: number;
  /** Headers of a stream, at the moment it begins. `channel` is undefined where a keep-alive comes first. */
  readonly headers: (committed: boolean) => AnswerHeaders;
  /** What a stream that began with keep-alives tells in a comment, for its headers are gone. */
  readonly lateHeaders: () => string;
}

/**
 * The way of a streamed answer to the client, across all attempts. Holds back the status and what came so far until
 * the provider has proved itself; keeps the connection alive meanwhile; passes the client's pace on to the provider.
 */
export class Delivery {
  readonly #settings: DeliverySettings;
  #held: (string | Uint8Array)[] = [];
  #heldBytes = 0;
  #headSent = false;
  #committed = false;
  #ended = false;
  #lastWrite: number;
  #cancelTimer: (() => void) | undefined;
  /** Set by the attempt that is running: the client is ready again. */
  onReady: (() => void) | undefined;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#lastWrite = settings.clock.monotonic();
    settings.client.onDrain(() => this.onReady?.());
    this.#armKeepAlive(settings.keepAlive);
  }

  /** The client has part of an answer: no other channel can take over. */
  get committed(): boolean {
    return this.#committed;
  }

  /** The status went out: an error can only be told inside the stream. */
  get headSent(): boolean {
    return this.#headSent;
  }

  /** Keeps part of an unproved answer. False where it has become too much to hold. */
  hold(piece: string | Uint8Array): boolean {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    return this.#heldBytes <= maximumHeld;
  }

  /** The attempt failed before it proved itself: what it said is forgotten. */
  forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  /** Begins the answer for good. */
  commit(): void {
    this.#committed = true;
    if (this.#headSent) this.#write(sseComment(this.#settings.lateHeaders()));
    else this.#sendHead();
    for (const piece of this.#held) this.#write(piece);
    this.forget();
  }

  /** False where the client is slower than the provider. */
  write(piece: string | Uint8Array): boolean {
    return this.#write(piece);
  }

  end(last?: string): void {
    this.#ended = true;
    this.#cancelTimer?.();
    if (!this.#settings.client.closed) this.#settings.client.end(last);
  }

  /** The call is over without an end of its own: a plain refusal, or a client that went away. */
  dispose(): void {
    this.#ended = true;
    this.#cancelTimer?.();
  }

  #sendHead(): void {
    this.#headSent = true;
    this.#settings.client.head(200, this.#settings.headers(this.#committed));
  }

  #write(piece: string | Uint8Array): boolean {
    this.#lastWrite = this.#settings.clock.monotonic();
    return this.#settings.client.closed || this.#settings.client.write(piece);
  }

  #armKeepAlive(milliseconds: number): void {
    this.#cancelTimer = this.#settings.clock.after(milliseconds, () => {
      if (this.#ended) return;
      const silent = this.#settings.clock.monotonic() - this.#lastWrite;
      const left = this.#settings.keepAlive - silent;
      if (left >= 1) {
        this.#armKeepAlive(left);
        return;
      }
      if (!this.#headSent) this.#sendHead();
      this.#write(sseComment("keep-alive"));
      this.#armKeepAlive(this.#settings.keepAlive);
    });
  }
}

import type { Fault } from "../core/fault.ts";
import { sseComment, sseText } from "../framing/sse-writer.ts";
import type { UpstreamHeaders } from "../providers/upstream.ts";
import { answerHeaders, lossyText, type Way } from "./answer-headers.ts";
import { type Answering, type AnsweringSettings, answerContext, type Turn } from "./answering.ts";
import type { Attempt, Receiver } from "./attempt.ts";
import type { AnswerHeaders } from "./client.ts";
import { Delivery } from "./delivery.ts";
import { PassThrough } from "./pass-through.ts";
import { refuse } from "./refuse.ts";
import { StreamReceiver } from "./stream-receiver.ts";
import type { StreamRelay } from "./stream-relay.ts";
import { Translation } from "./translation.ts";

/** Answers with server-sent events. */
export class StreamAnswering implements Answering {
  readonly #settings: AnsweringSettings;
  readonly #delivery: Delivery;
  #turn: Turn | undefined;
  #relay: StreamRelay | undefined;
  #attempt: Attempt | undefined;
  #simulated = false;

  constructor(settings: AnsweringSettings) {
    this.#settings = settings;
    const { house, arrival } = settings.call;
    this.#delivery = new Delivery({
      client: arrival.client,
      clock: house.clock,
      keepAlive: house.keepAlive,
      headers: (committed) => this.#headers(committed),
      lateHeaders: () =>
        `entente-channel: ${this.#turn?.channel.id ?? ""}, entente-attempts: ${this.#turn?.attempts ?? 0}`,
    });
    this.#delivery.onReady = () => this.#attempt?.resume();
  }

  get committed(): boolean {
    return this.#delivery.committed;
  }

  begin(turn: Turn): void {
    this.#turn = turn;
    this.#delivery.forget();
  }

  receiver(onProved: () => void): Receiver {
    const relay = this.#makeRelay(this.#turn as Turn);
    this.#relay = relay;
    return new StreamReceiver({
      dialect: (this.#turn as Turn).prepared.dialect,
      relay,
      delivery: this.#delivery,
      meter: this.#settings.call.meter,
      onProved: (headers: UpstreamHeaders) => {
        this.#simulated = headers["entente-simulated"] === "true";
        onProved();
      },
      onSlow: () => this.#attempt?.pause(),
    });
  }

  pace(attempt: Attempt): void {
    this.#attempt = attempt;
  }

  finish(): void {
    const losses = this.#relay?.losses ?? [];
    // The headers are gone: what the answer lost can only be told in the stream.
    this.#delivery.end(losses.length === 0 ? undefined : sseComment(`entente-lossy: ${lossyText(losses)}`));
    this.#settings.keeper?.keep();
  }

  fail(fault: Fault): void {
    const { call } = this.#settings;
    if (this.#delivery.headSent) {
      this.#delivery.end(sseText(call.arrival.dialect.error.frame(fault, call.id)));
      return;
    }
    this.#delivery.dispose();
    refuse(call, fault, this.#turn);
  }

  dispose(): void {
    this.#delivery.dispose();
  }

  #makeRelay(turn: Turn): StreamRelay {
    const { call, asked, keeper } = this.#settings;
    const rewrite = keeper === undefined ? {} : { rewrite: keeper.rewrite.bind(keeper) };
    if (turn.prepared.passThrough) {
      const hideMetering = asked.peek.streamUsage !== true;
      return new PassThrough({ dialect: asked.dialect, meter: call.meter, hideMetering, ...rewrite });
    }
    return new Translation({
      provider: turn.prepared.dialect,
      client: asked.dialect,
      context: answerContext(call, asked),
      meter: call.meter,
      ...rewrite,
    });
  }

  #headers(committed: boolean): AnswerHeaders {
    const turn = this.#turn;
    const way: Way =
      committed && turn !== undefined
        ? {
            channel: turn.channel,
            attempts: turn.attempts,
            losses: turn.prepared.losses,
            simulated: this.#simulated,
          }
        : { attempts: turn?.attempts ?? 0, losses: [] };
    const headers = answerHeaders(this.#settings.call, way, "text/event-stream; charset=utf-8");
    // nginx and its kin hold streams back unless told.
    return { ...headers, "cache-control": "no-cache", "x-accel-buffering": "no" };
  }
}

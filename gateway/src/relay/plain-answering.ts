import type { Fault } from "../core/fault.ts";
import type { ChatResponse } from "../core/response.ts";
import { answerHeaders } from "./answer-headers.ts";
import { type Answering, type AnsweringSettings, answerContext, type Turn } from "./answering.ts";
import type { Receiver } from "./attempt.ts";
import { PlainReceiver } from "./plain-receiver.ts";
import { refuse } from "./refuse.ts";

/** Answers with one body. Nothing goes out before the provider's whole answer is here, so any failure can fail over. */
export class PlainAnswering implements Answering {
  readonly committed = false;
  readonly #settings: AnsweringSettings;
  #turn: Turn | undefined;
  #receiver: PlainReceiver | undefined;

  constructor(settings: AnsweringSettings) {
    this.#settings = settings;
  }

  begin(turn: Turn): void {
    this.#turn = turn;
  }

  receiver(): Receiver {
    const turn = this.#turn as Turn;
    this.#receiver = new PlainReceiver(
      turn.prepared.dialect,
      this.#settings.call.meter,
      !turn.prepared.passThrough,
    );
    return this.#receiver;
  }

  pace(): void {}

  finish(): void {
    const { call } = this.#settings;
    const turn = this.#turn as Turn;
    call.mark("provider");
    const { piece, losses } = this.#compose(turn);
    const way = {
      channel: turn.channel,
      attempts: turn.attempts,
      losses: losses.length === 0 ? turn.prepared.losses : [...turn.prepared.losses, ...losses],
      simulated: this.#receiver?.headers["entente-simulated"] === "true",
    };
    const size = typeof piece === "string" ? Buffer.byteLength(piece) : piece.length;
    call.arrival.client.head(200, answerHeaders(call, way, "application/json", size));
    call.arrival.client.end(piece);
    this.#settings.keeper?.keep();
  }

  fail(fault: Fault): void {
    refuse(this.#settings.call, fault, this.#turn);
  }

  dispose(): void {}

  #compose(turn: Turn): { piece: string | Uint8Array; losses: readonly string[] } {
    const { call, asked, keeper } = this.#settings;
    const receiver = this.#receiver as PlainReceiver;
    const { bytes, body } = receiver.answer as NonNullable<PlainReceiver["answer"]>;
    if (turn.prepared.passThrough) {
      return { piece: keeper === undefined ? bytes : JSON.stringify(keeper.whole(body)), losses: [] };
    }
    const encoded = asked.dialect.response.encode(
      receiver.neutral as ChatResponse,
      answerContext(call, asked),
    );
    return { piece: JSON.stringify(keeper?.whole(encoded.body) ?? encoded.body), losses: encoded.losses };
  }
}

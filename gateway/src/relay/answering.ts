import type { Channel } from "../core/channel.ts";
import type { AnswerContext, Frame } from "../core/dialect.ts";
import type { Fault } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import type { Asked } from "./asked.ts";
import type { Attempt, Receiver } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { Prepared } from "./prepare.ts";

/** One attempt's part in an answer. */
export interface Turn {
  readonly channel: Channel;
  readonly attempts: number;
  readonly prepared: Prepared;
}

/** How the client is answered: a whole body or a stream. Spans all attempts of a call. */
export interface Answering {
  begin(turn: Turn): void;
  /** For one attempt. `onProved`: the provider has shown that it answers. */
  receiver(onProved: () => void): Receiver;
  /** Lets the client's pace slow this attempt. */
  pace(attempt: Attempt): void;
  /** The client has part of the answer: no other channel can take over. */
  readonly committed: boolean;
  finish(): void;
  fail(fault: Fault): void;
  /** Nobody listens any more. */
  dispose(): void;
}

/** Keeps an answer of the Responses API for later turns, and makes it say what its client asked for. */
export interface ResponseKeeper {
  rewrite(frame: Frame): Frame;
  whole(response: JsonObject): JsonObject;
  /** The answer is complete. */
  keep(): void;
}

export interface AnsweringSettings {
  readonly call: Call;
  readonly asked: Asked;
  /** Only for the Responses API. */
  readonly keeper: ResponseKeeper | undefined;
}

export function answerContext(call: Call, asked: Asked): AnswerContext {
  return { request: asked.request, token: call.house.token(24), now: Math.floor(call.at / 1000) };
}

import type { z } from "zod";
import type { ChatDialectId } from "../../../src/core/extra.ts";
import type { JsonObject } from "../../../src/core/json.ts";

/** What a user says in one turn. `data` is base64. */
export type Piece =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly mediaType: "image/png"; readonly data: string }
  | { readonly type: "pdf"; readonly filename: string; readonly data: string };

export interface ToolOffer {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject & { readonly type: "object" };
}

/** A conversation's fixed part. */
export interface Terms {
  readonly model: string;
  readonly stream: boolean;
  readonly system?: string;
  /** Tokens. */
  readonly outputLimit?: number;
  readonly tools?: readonly ToolOffer[];
  /** Let the model think, and keep its thoughts for the next turn. */
  readonly reasoning?: boolean;
}

export interface ToldCall {
  readonly id: string;
  readonly name: string;
  /** As the SDK's user would read them: parsed. */
  readonly arguments: unknown;
}

/** What the SDK's typed objects say of one answer, in words that are the same for all SDKs. */
export interface Told {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToldCall[];
  readonly finish: string;
  readonly usage: {
    readonly input: number | undefined;
    readonly output: number | undefined;
    /** Undefined where the dialect has no total. */
    readonly total?: number | undefined;
  };
  /** Pieces of text in which a stream came; 0 for a whole answer. */
  readonly pieces: number;
  readonly headers: Headers;
}

/** A conversation whose history is kept in the SDK's own objects, as an application would. */
export interface Conversation {
  say(content: string | readonly Piece[]): Promise<Told>;
  /** Tool results by call id. */
  giveResults(results: Readonly<Record<string, string>>): Promise<Told>;
}

/** One official SDK, used as its documentation shows. */
export interface SdkClient {
  readonly dialect: ChatDialectId;
  converse(terms: Terms): Conversation;
  /** By the SDK's parse helper. */
  parse(model: string, prompt: string, shape: z.ZodType): Promise<unknown>;
  /**
   * Reads a stream event by event, without the SDK's helper, and gives how many pieces of text came.
   *
   * @param abortAfter so many pieces; absent: to its end.
   */
  readStream(model: string, prompt: string, abortAfter?: number): Promise<Pick<Told, "pieces" | "headers">>;
}

export interface ClientAccess {
  readonly url: string;
  readonly key: string;
  /** Aborts the calls of conversations. */
  readonly signal?: AbortSignal;
  /** The head of an answer came. */
  readonly onAnswer?: () => void;
}

export type CallOptions = Pick<ClientAccess, "signal">;

/** A fetch that remembers the headers of the last answer: not every helper of the SDKs shows them. */
export class HeaderNote {
  readonly #onAnswer: (() => void) | undefined;
  #last: Headers | undefined;

  constructor({ onAnswer }: ClientAccess) {
    this.#onAnswer = onAnswer;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    this.#last = answer.headers;
    this.#onAnswer?.();
    return answer;
  };

  get headers(): Headers {
    if (this.#last === undefined) throw new Error("nothing was answered yet");
    return this.#last;
  }
}

/** Pieces of text in a stream of one of the SDKs, which is aborted after so many; `isText` tells them from all else. */
export async function countPieces<Event>(
  stream: AsyncIterable<Event> & { readonly controller: AbortController },
  isText: (event: Event) => boolean,
  abortAfter: number | undefined,
): Promise<number> {
  let seen = 0;
  for await (const event of stream) {
    if (isText(event)) seen += 1;
    if (seen === abortAfter) stream.controller.abort();
  }
  return seen;
}

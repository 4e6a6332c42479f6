import { once } from "node:events";
import { type Agent, type ClientRequest, type IncomingMessage, request } from "node:http";

export interface Door {
  readonly url: string;
  readonly key: string;
}

export interface Wish {
  readonly method?: string;
  readonly path?: string;
  /** An object is sent as JSON, a string or bytes as they are; absent: none. */
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** A body for one question in openai-chat. */
export function question(model: string, rest: Readonly<Record<string, unknown>> = {}) {
  return { model, messages: [{ role: "user", content: "Hello" }], ...rest };
}

function send(door: Door, wish: Wish): ClientRequest {
  const { method = "POST", path = "/v1/chat/completions", body, key = door.key, headers, agent } = wish;
  const bytes =
    body === undefined || typeof body === "string" || body instanceof Uint8Array
      ? body
      : JSON.stringify(body);
  const { hostname, port } = new URL(door.url);
  const outgoing = request({
    hostname,
    port,
    // As it is: a URL would be put in order first.
    path,
    method,
    agent: agent ?? false,
    headers: {
      authorization: `Bearer ${key}`,
      ...(bytes === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
  });
  outgoing.end(bytes);
  return outgoing;
}

/** Asks and waits for the whole answer. */
export async function ask(door: Door, wish: Wish): Promise<Answer> {
  const outgoing = send(door, wish);
  // What a refused body runs into once the answer is here.
  outgoing.on("error", () => {});
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  let text = "";
  for await (const piece of incoming) text += String(piece);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}

/** An answer that is read while it comes, or left. */
export class LiveAnswer {
  readonly #outgoing: ClientRequest;
  readonly #waiting = new Set<() => void>();
  #incoming: IncomingMessage | undefined;
  text = "";
  /** The connection is over: `end` as HTTP says, else `cut`. */
  over: "end" | "cut" | undefined;

  constructor(door: Door, wish: Wish) {
    this.#outgoing = send(door, wish);
    this.#outgoing.on("error", () => this.#finish("cut"));
    this.#outgoing.on("response", (incoming) => {
      this.#incoming = incoming;
      incoming.on("data", (piece: Buffer) => {
        this.text += piece.toString();
        this.#tell();
      });
      incoming.on("error", () => {});
      incoming.on("close", () => this.#finish(incoming.complete ? "end" : "cut"));
      this.#tell();
    });
  }

  get status(): number | undefined {
    return this.#incoming?.statusCode;
  }

  get headers(): IncomingMessage["headers"] {
    return this.#incoming?.headers ?? {};
  }

  /** Resolves as soon as the condition holds. */
  async until(condition: (answer: this) => boolean): Promise<this> {
    while (!condition(this)) {
      if (this.over !== undefined) throw new Error(`the answer is over: ${this.text}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return this;
  }

  ended(): Promise<this> {
    return this.until(({ over }) => over !== undefined);
  }

  /** Goes away without a word. */
  leave(): void {
    this.#outgoing.destroy();
  }

  #finish(how: "end" | "cut"): void {
    this.over ??= how;
    this.#tell();
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

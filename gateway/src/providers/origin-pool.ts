import { createRequire } from "node:module";
import type { Pool } from "undici";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import type { UpstreamCall, UpstreamListener } from "./upstream.ts";
import { UpstreamError } from "./upstream-error.ts";

// The pool alone: the package's index also loads fetch, WebSocket and caches, which doubles the time to start.
const UndiciPool = createRequire(import.meta.url)("undici/lib/dispatcher/pool.js") as typeof Pool;

export interface PoolLimits {
  /** Most connections to one origin, which is most calls in flight to it. */
  readonly connections: number;
  /** Most calls that wait for a connection. */
  readonly waiting: number;
}

const headerBytes = 32 * 1024;
// Hosted vendors stand behind load balancers that keep idle connections for a minute or more; engines on plain HTTP
// (uvicorn) drop them after 5 s without saying so. A server's own `keep-alive: timeout` wins over both.
const idleMilliseconds = { "https:": 30_000, "http:": 4_000 };

/** The connections to one origin and the calls that wait for one. */
export class OriginPool implements ExchangeHost {
  readonly #pool: Pool;
  readonly #limits: PoolLimits;
  readonly #onClosed: (pool: OriginPool) => void;
  readonly #waiting = new Set<Exchange>();
  #active = 0;
  #retired = false;
  #closing = false;

  /** @throws Error where `origin` is not scheme, host and port. */
  constructor(
    origin: string,
    connectTimeout: number,
    limits: PoolLimits,
    onClosed: (pool: OriginPool) => void,
  ) {
    const { protocol } = new URL(origin);
    this.#pool = new UndiciPool(origin, {
      connections: limits.connections,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: idleMilliseconds[protocol === "https:" ? "https:" : "http:"],
      keepAliveMaxTimeout: 120_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: headerBytes,
      connect: { timeout: connectTimeout, rejectUnauthorized: true },
    });
    this.#limits = limits;
    this.#onClosed = onClosed;
  }

  /** Calls that hold or wait for a connection. */
  get size(): number {
    return this.#active + this.#waiting.size;
  }

  /** @throws UpstreamError `invalid` */
  start(call: UpstreamCall, listener: UpstreamListener): Exchange {
    const exchange = new Exchange(call, listener, this);
    if (this.#active < this.#limits.connections) this.#dispatch(exchange);
    else if (this.#waiting.size < this.#limits.waiting) this.#waiting.add(exchange);
    else exchange.fail(new UpstreamError("busy"));
    return exchange;
  }

  forget(exchange: Exchange): void {
    this.#waiting.delete(exchange);
  }

  release(): void {
    this.#active -= 1;
    // Later: undici is inside its parser here, which a new call would enter again.
    if (this.#waiting.size > 0) queueMicrotask(() => this.#next());
    else this.#closeWhenIdle();
  }

  /** Lets running and waiting calls finish, then closes. */
  retire(): void {
    this.#retired = true;
    this.#closeWhenIdle();
  }

  /** Ends every call with an error, at once. */
  async destroy(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    for (const exchange of this.#waiting) exchange.fail(new UpstreamError("closed"));
    await this.#pool.destroy(new UpstreamError("closed"));
    this.#onClosed(this);
  }

  #next(): void {
    for (const exchange of this.#waiting) {
      if (this.#active >= this.#limits.connections) return;
      this.#waiting.delete(exchange);
      this.#dispatch(exchange);
    }
    this.#closeWhenIdle();
  }

  #dispatch(exchange: Exchange): void {
    this.#active += 1;
    exchange.dispatched();
    this.#pool.dispatch(exchange.options, exchange);
  }

  #closeWhenIdle(): void {
    if (!this.#retired || this.#closing || this.size > 0) return;
    this.#closing = true;
    void this.#pool.close().then(() => this.#onClosed(this));
  }
}

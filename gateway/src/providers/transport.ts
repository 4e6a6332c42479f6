import { LRUCache } from "lru-cache";
import type { Clock } from "../core/clock.ts";
import type { Exchange } from "./exchange.ts";
import { OriginPool, type PoolLimits } from "./origin-pool.ts";
import type { Transport, UpstreamHandle, UpstreamListener } from "./upstream.ts";
import { UpstreamError } from "./upstream-error.ts";

export interface TransportOptions extends Partial<PoolLimits> {
  readonly clock: Clock;
  /** Origins whose connections are kept; the one unused for longest gives way. */
  readonly origins?: number;
}

/** The only way out: HTTP/1.1 with kept connections, verified TLS, no redirects and no compression. */
export interface UpstreamTransport {
  readonly transport: Transport;
  /** Calls that hold or wait for a connection. */
  readonly active: number;
  /** Takes no more calls, waits for those running, and ends them with an error after `deadline` milliseconds. */
  close(deadline: number): Promise<void>;
}

export function createTransport(options: TransportOptions): UpstreamTransport {
  const { clock } = options;
  const limits: PoolLimits = {
    connections: options.connections ?? 4096,
    waiting: options.waiting ?? 1024,
  };
  const live = new Set<OriginPool>();
  const pools = new LRUCache<string, OriginPool>({
    max: options.origins ?? 256,
    dispose: (pool) => pool.retire(),
  });
  let closed = false;
  let onEmpty: (() => void) | undefined;

  function poolFor(origin: string, connectTimeout: number): OriginPool {
    // undici's connect timeout belongs to the pool. Few distinct ones are ever configured.
    const key = `${connectTimeout} ${origin}`;
    const known = pools.get(key);
    if (known !== undefined) return known;
    const pool = new OriginPool(origin, connectTimeout, limits, (gone) => {
      live.delete(gone);
      if (live.size === 0) onEmpty?.();
    });
    live.add(pool);
    pools.set(key, pool);
    return pool;
  }

  const transport: Transport = (call, listener) => {
    if (closed) return refused(listener, new UpstreamError("closed"));
    let exchange: Exchange;
    try {
      exchange = poolFor(call.origin, call.connectTimeout).start(call, listener);
    } catch (error) {
      return refused(listener, error instanceof UpstreamError ? error : new UpstreamError("invalid", error));
    }
    // Also bounds the wait for a free connection, which undici does not count.
    if (exchange.unsent) {
      exchange.bound(
        clock.after(call.connectTimeout, () => exchange.fail(new UpstreamError("connect_timeout"))),
      );
    }
    return exchange;
  };

  async function close(deadline: number): Promise<void> {
    closed = true;
    if (live.size === 0) return;
    const emptied = new Promise<void>((resolve) => {
      onEmpty = resolve;
    });
    const cancel = clock.after(deadline, () => {
      for (const pool of live) void pool.destroy();
    });
    pools.clear();
    await emptied;
    cancel();
  }

  return {
    transport,
    get active() {
      let sum = 0;
      for (const pool of live) sum += pool.size;
      return sum;
    },
    close,
  };
}

/** A call that failed before it began: told once the transport has returned, unless it is aborted first. */
function refused(listener: UpstreamListener, error: UpstreamError): UpstreamHandle {
  let wanted = true;
  queueMicrotask(() => {
    if (wanted) listener.onError(error);
  });
  return {
    pause() {},
    resume() {},
    abort() {
      wanted = false;
    },
  };
}

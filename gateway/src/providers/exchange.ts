import type { Dispatcher } from "undici";
import { requestHead } from "./request-head.ts";
import type { UpstreamCall, UpstreamHandle, UpstreamHeaders, UpstreamListener } from "./upstream.ts";
import { UpstreamError } from "./upstream-error.ts";

type Phase = "waiting" | "dispatched" | "sent" | "ended" | "failed" | "aborted";

/** Where an exchange gets its connection from. */
export interface ExchangeHost {
  /** The HTTP client is done with the call: its connection may serve another. Called once for each dispatched call. */
  release(): void;
  /** A call that has no connection yet is not wanted any more. */
  forget(exchange: Exchange): void;
}

const aborted = new UpstreamError("broken", { code: "ABORTED" });

/** One call on undici's side (its handler) and on the caller's (the handle), so that a call costs one object. */
export class Exchange implements Dispatcher.DispatchHandler, UpstreamHandle {
  readonly options: Dispatcher.DispatchOptions;
  readonly #host: ExchangeHost;
  readonly #listener: UpstreamListener;
  #phase: Phase = "waiting";
  #holdsConnection = false;
  #controller: Dispatcher.DispatchController | undefined;
  #paused = false;
  #cancelTimer: (() => void) | undefined;

  /** @throws UpstreamError `invalid` */
  constructor(call: UpstreamCall, listener: UpstreamListener, host: ExchangeHost) {
    this.#host = host;
    this.#listener = listener;
    this.options = {
      method: call.method,
      path: call.path,
      headers: requestHead(call),
      body: call.body ?? null,
    };
  }

  /** Whether the call has neither been sent nor given up. */
  get unsent(): boolean {
    return this.#phase === "waiting" || this.#phase === "dispatched";
  }

  dispatched(): void {
    this.#phase = "dispatched";
    this.#holdsConnection = true;
  }

  /** @param cancelTimer called once the call is sent or over. */
  bound(cancelTimer: () => void): void {
    if (this.unsent) this.#cancelTimer = cancelTimer;
    else cancelTimer();
  }

  /** Ends the call before it was sent. The listener hears of it later, never during this call. */
  fail(error: UpstreamError): void {
    if (!this.unsent) return;
    this.#leave("failed");
    queueMicrotask(() => this.#report(error));
  }

  pause(): void {
    if (this.#over) return;
    this.#paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#paused || this.#over) return;
    this.#paused = false;
    // Not now: undici's parser is one for all connections and must not be entered while it hands out another's data.
    queueMicrotask(() => {
      if (!this.#paused && !this.#over) this.#controller?.resume();
    });
  }

  abort(): void {
    if (this.#phase === "aborted") return;
    const over = this.#over;
    this.#leave("aborted");
    // Before it has a socket the call cannot be withdrawn from undici: `onRequestStart` does it then.
    if (!over) this.#controller?.abort(aborted);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) {
      controller.abort(aborted);
      return;
    }
    this.#phase = "sent";
    this.#stopTimer();
    if (this.#paused) controller.pause();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (this.#over || status < 200) return;
    this.#listener.onHead(status, joined(headers));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#listener.onData(chunk);
  }

  onResponseEnd(): void {
    this.#release();
    if (this.#over) return;
    this.#phase = "ended";
    this.#listener.onEnd();
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#release();
    if (this.#phase === "ended") {
      // undici hands back what the listener's own `onEnd` threw; it must not vanish.
      queueMicrotask(() => {
        throw error;
      });
      return;
    }
    if (this.#over) return;
    const kind = this.#phase === "sent" ? "broken" : kindBeforeSending(error);
    this.#leave("failed");
    // undici reports an unsendable call while it is being dispatched: too early for the listener.
    queueMicrotask(() => this.#report(new UpstreamError(kind, error)));
  }

  get #over(): boolean {
    return this.#phase !== "sent" && !this.unsent;
  }

  #leave(phase: "failed" | "aborted"): void {
    const waiting = this.#phase === "waiting";
    this.#phase = phase;
    this.#stopTimer();
    if (waiting) this.#host.forget(this);
  }

  /** Unless it was aborted in the meantime. */
  #report(error: UpstreamError): void {
    if (this.#phase === "failed") this.#listener.onError(error);
  }

  #release(): void {
    if (!this.#holdsConnection) return;
    this.#holdsConnection = false;
    this.#host.release();
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** undici has parsed them already; only repeated ones need work. */
function joined(headers: Headers): UpstreamHeaders {
  let copy: Record<string, string> | undefined;
  for (const name of Object.keys(headers)) {
    if (typeof headers[name] === "string") continue;
    copy ??= { ...(headers as Record<string, string>) };
    Object.defineProperty(copy, name, { value: (headers[name] ?? []).join(", "), enumerable: true });
  }
  return copy ?? (headers as UpstreamHeaders);
}

function kindBeforeSending(error: Error & { readonly code?: string }): UpstreamError["kind"] {
  if (error.code === "UND_ERR_CONNECT_TIMEOUT") return "connect_timeout";
  if (error.code === "UND_ERR_INVALID_ARG") return "invalid";
  return error.code === "UND_ERR_CLOSED" || error.code === "UND_ERR_DESTROYED" ? "closed" : "connect";
}

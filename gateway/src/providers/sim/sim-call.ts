import type { Clock } from "../../core/clock.ts";
import type { UpstreamHandle, UpstreamHeaders, UpstreamListener } from "../upstream.ts";

/** What a simulated provider does next. After `reset`, `stall` and `end` no further step is asked for. */
export type Step =
  /** Waits until so many milliseconds after the call began. */
  | { readonly type: "wait"; readonly until: number }
  | { readonly type: "head"; readonly status: number; readonly headers: UpstreamHeaders }
  | { readonly type: "data"; readonly bytes: Uint8Array }
  /** The connection is reset. */
  | { readonly type: "reset" }
  /** Nothing comes any more, and the connection stays open. */
  | { readonly type: "stall" }
  | { readonly type: "end" };

/** So many bytes are handed out before others get their turn. */
const turnBytes = 64 * 1024;

/** Plays a script of steps to a listener: keeps time, stands still while paused, and is silent once aborted. */
export class SimCall implements UpstreamHandle {
  readonly #script: Iterator<Step>;
  readonly #listener: UpstreamListener;
  readonly #clock: Clock;
  readonly #began: number;
  #over = false;
  #paused = false;
  #playing = false;
  #waiting: (() => void) | undefined;

  constructor(script: Iterator<Step>, listener: UpstreamListener, clock: Clock) {
    this.#script = script;
    this.#listener = listener;
    this.#clock = clock;
    this.#began = clock.monotonic();
    queueMicrotask(() => this.#play());
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    queueMicrotask(() => this.#play());
  }

  abort(): void {
    this.#over = true;
    this.#waiting?.();
    this.#waiting = undefined;
  }

  #play(): void {
    if (this.#playing || this.#waiting !== undefined) return;
    this.#playing = true;
    let left = turnBytes;
    while (!this.#over && !this.#paused && this.#waiting === undefined) {
      const step = this.#next();
      if (step === undefined) break;
      if (step.type === "data") left -= step.bytes.length;
      this.#take(step);
      if (left <= 0 && !this.#over) this.#wait(0);
    }
    this.#playing = false;
  }

  #next(): Step | undefined {
    try {
      const { value, done } = this.#script.next();
      return done === true ? undefined : value;
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error("the simulator failed", { cause: error }));
      return undefined;
    }
  }

  #take(step: Step): void {
    switch (step.type) {
      case "wait": {
        const rest = this.#began + step.until - this.#clock.monotonic();
        if (rest > 0) this.#wait(rest);
        return;
      }
      case "head":
        this.#listener.onHead(step.status, step.headers);
        return;
      case "data":
        this.#listener.onData(step.bytes);
        return;
      case "reset":
        this.#fail(new Error("the simulated connection was reset"));
        return;
      case "end":
        this.#over = true;
        this.#listener.onEnd();
        return;
      case "stall":
        this.#over = true;
        return;
    }
  }

  #fail(error: Error): void {
    this.#over = true;
    this.#listener.onError(error);
  }

  #wait(milliseconds: number): void {
    this.#waiting = this.#clock.after(milliseconds, () => {
      this.#waiting = undefined;
      this.#play();
    });
  }
}

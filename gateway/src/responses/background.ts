import { LRUCache } from "lru-cache";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { RandomToken } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Principal } from "../core/principal.ts";
import { asAsked } from "./as-asked.ts";
import { queuedResponse } from "./queued-response.ts";

/** What the background needs of the stored conversations. */
export interface ResponseShelf {
  get(principal: Principal, id: string): Promise<JsonObject>;
  remember(principal: Principal, body: JsonObject, response: JsonObject): Promise<void>;
}

/** Makes the answer; rejects, preferably with a Fault, where there is none. Must end soon after `signal` aborts. */
export type BackgroundRun = (body: JsonObject, signal: AbortSignal) => Promise<JsonObject>;

export interface BackgroundSettings {
  readonly shelf: ResponseShelf;
  readonly clock: Clock;
  readonly randomToken: RandomToken;
  /** Most calls at once. */
  readonly maximumRunning: number;
  /** A finished response could not be stored, or a run failed for a reason that is not the caller's to know. */
  onError(id: string, error: unknown): void;
}

interface Running {
  readonly principal: Principal;
  readonly body: JsonObject;
  readonly abort: AbortController;
  response: JsonObject;
  /** Resolves when the run has ended and its response is stored. */
  ended: Promise<void>;
  /** Not to be stored when it ends. */
  forgotten: boolean;
}

/** Finished responses that are still at hand where the store did not take them. */
const keptFinished = 1000;

/** Calls with `background: true`: they run detached from their client, who asks for the response by its id. */
export class BackgroundCalls {
  readonly #settings: BackgroundSettings;
  readonly #running = new Map<string, Running>();
  readonly #finished = new LRUCache<string, { readonly project: string; readonly response: JsonObject }>({
    max: keptFinished,
  });
  #stopping = false;

  constructor(settings: BackgroundSettings) {
    this.#settings = settings;
  }

  get running(): number {
    return this.#running.size;
  }

  /**
   * Starts the call and returns its queued response.
   *
   * @param run gets the body without `background`.
   * @throws Fault `invalid_request`, `overloaded`, `shutting_down`
   */
  start(principal: Principal, body: JsonObject, run: BackgroundRun): JsonObject {
    if (body["stream"] === true)
      throw new Fault("invalid_request", {
        param: "stream",
        detail: "A background response cannot be streamed here. Ask for it by its id.",
      });
    if (body["store"] === false)
      throw new Fault("invalid_request", { param: "store", detail: "A background response must be stored." });
    if (this.#stopping) throw new Fault("shutting_down");
    if (this.#running.size >= this.#settings.maximumRunning) throw new Fault("overloaded");
    const { clock, randomToken } = this.#settings;
    const id = `resp_${randomToken(24)}`;
    const response = queuedResponse(id, Math.floor(clock.now() / 1000), body);
    const abort = new AbortController();
    const entry: Running = { principal, body, abort, response, ended: Promise.resolve(), forgotten: false };
    this.#running.set(id, entry);
    entry.ended = this.#run(id, entry, run);
    return response;
  }

  /** A response that is running or has just ended; undefined where it is to be found among the stored ones. */
  get(principal: Principal, id: string): JsonObject | undefined {
    const entry = this.#running.get(id);
    if (entry !== undefined)
      return entry.principal.project === principal.project && !entry.forgotten ? entry.response : undefined;
    const finished = this.#finished.get(id);
    return finished?.project === principal.project ? finished.response : undefined;
  }

  /**
   * Stops a running call. One that has ended is returned as it is, so that cancelling twice does no harm.
   *
   * @throws Fault `response_not_found`; `invalid_request` for a response that did not run in the background.
   */
  async cancel(principal: Principal, id: string): Promise<JsonObject> {
    const entry = this.#running.get(id);
    if (entry !== undefined && entry.principal.project === principal.project && !entry.forgotten) {
      this.#cancel(entry);
      return entry.response;
    }
    const response = this.get(principal, id) ?? (await this.#settings.shelf.get(principal, id));
    if (response["background"] !== true)
      throw new Fault("invalid_request", {
        param: "response_id",
        detail: "Only a response created with `background: true` can be cancelled.",
      });
    return response;
  }

  /** Stops a running call and stores nothing of it. False where it is to be deleted from the stored ones. */
  forget(principal: Principal, id: string): boolean {
    if (this.get(principal, id) === undefined) return false;
    this.#finished.delete(id);
    const entry = this.#running.get(id);
    if (entry === undefined) return true;
    entry.forgotten = true;
    this.#cancel(entry);
    return true;
  }

  /**
   * Ends every call as failed; resolves when all are stored, or after the deadline in milliseconds. No call starts
   * after this.
   */
  async stop(deadline = 5000): Promise<void> {
    this.#stopping = true;
    const fault = new Fault("shutting_down");
    for (const entry of this.#running.values()) {
      this.#settle(entry, failed(fault));
      entry.abort.abort(fault);
    }
    const ended = Promise.all([...this.#running.values()].map((entry) => entry.ended));
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#settings.clock.after(deadline, resolve);
    });
    await Promise.race([ended, late]);
    cancel();
  }

  #cancel(entry: Running): void {
    this.#settle(entry, { status: "cancelled" });
    entry.abort.abort(new Fault("client_closed"));
  }

  async #run(id: string, entry: Running, run: BackgroundRun): Promise<void> {
    const { background: _background, ...body } = entry.body;
    // The caller has the queued response before the call begins.
    await Promise.resolve();
    try {
      if (!entry.abort.signal.aborted) {
        entry.response = { ...entry.response, status: "in_progress" };
        const answer = await run(body, entry.abort.signal);
        this.#settle(entry, { ...asAsked(answer, entry.body), id, background: true });
      }
    } catch (error) {
      if (!(error instanceof Fault) && !entry.abort.signal.aborted) this.#settings.onError(id, error);
      this.#settle(entry, failed(error instanceof Fault ? error : new Fault("internal", { cause: error })));
    }
    await this.#keep(id, entry);
  }

  /** The first end of a call is its end. */
  #settle(entry: Running, end: JsonObject): void {
    const { status } = entry.response;
    if (status === "queued" || status === "in_progress") entry.response = { ...entry.response, ...end };
  }

  async #keep(id: string, { principal, body, response, forgotten }: Running): Promise<void> {
    this.#running.delete(id);
    if (forgotten) return;
    this.#finished.set(id, { project: principal.project, response });
    try {
      await this.#settings.shelf.remember(principal, body, response);
      this.#finished.delete(id);
    } catch (error) {
      this.#settings.onError(id, error);
    }
  }
}

/** `error.code` of a response is one of OpenAI's few; the message tells the rest. */
function failed(fault: Fault): JsonObject {
  const code = fault.entry.status === 429 ? "rate_limit_exceeded" : "server_error";
  return { status: "failed", error: { code, message: fault.message } };
}

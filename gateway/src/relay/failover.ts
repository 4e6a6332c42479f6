import type { Channel, Deadlines } from "../core/channel.ts";
import { Fault } from "../core/fault.ts";
import type { Principal } from "../core/principal.ts";
import type { Intent, Outcome } from "../core/settlement.ts";
import type { Provider } from "../providers/provider.ts";
import { CandidateWalk } from "../routing/candidate-walk.ts";
import type { Resolution } from "../routing/directory.ts";
import type { Lease } from "../routing/lease.ts";
import { type Decision, decideRetry } from "../routing/retry-decision.ts";
import { type RetryHints, readRetryHints } from "../routing/retry-hints.ts";
import type { Answering } from "./answering.ts";
import { asFault, faultOf } from "./as-fault.ts";
import type { Asked } from "./asked.ts";
import { Attempt, type AttemptEnd } from "./attempt.ts";
import type { Call } from "./call.ts";
import { deadlinesFor } from "./deadlines-for.ts";
import { type Prepared, sayTo } from "./prepare.ts";
import { openIntent, settle } from "./settle.ts";
import { upstreamHeaders } from "./upstream-headers.ts";

export interface Errand {
  readonly call: Call;
  readonly asked: Asked;
  readonly principal: Principal;
  readonly resolution: Resolution;
  readonly candidates: readonly Channel[];
  readonly answering: Answering;
  /** The caller forbids leaving anything out. */
  readonly strict: boolean;
}

/**
 * Takes a call through its channels until one has answered, and settles it. Each hop is decided by routing; here is
 * what happens, there is why.
 */
export class Failover {
  readonly #errand: Errand;
  readonly #walk: CandidateWalk;
  #attempts = 0;
  #running: Attempt | undefined;
  #end: AttemptEnd | undefined;
  #intent: Intent | undefined;
  #channel: Channel | undefined;
  #settled = false;
  /** Why nobody waits for more: the client went away, or the server stops. */
  #interrupted: "cancelled" | "shutdown" | undefined;
  #wake: (() => void) | undefined;
  #unsayable: Fault | undefined;
  #firstEventAfter: number | undefined;

  constructor(errand: Errand) {
    this.#errand = errand;
    this.#walk = new CandidateWalk(
      errand.candidates,
      errand.call.house.health,
      // Faults that were asked of the simulator by name say nothing about it.
      errand.resolution.suffix === "",
    );
    const { client } = errand.call.arrival;
    client.onClose(() => this.#interrupt("cancelled"));
    if (client.closed) this.#interrupt("cancelled");
  }

  /** Resolves when the client has its answer or error; never rejects. */
  async run(): Promise<void> {
    const { house } = this.#errand.call;
    house.running.add(this);
    house.retries.callStarted(house.clock.now());
    let lease = this.#walk.next();
    try {
      while (lease !== undefined) lease = await this.#hop(lease);
      this.#conclude();
    } catch (error) {
      lease?.release();
      this.#collapse(asFault(error));
    } finally {
      house.running.delete(this);
    }
  }

  /** The server is stopping: the client is told so, and what was used is settled. */
  stop(): void {
    this.#interrupt("shutdown");
  }

  #interrupt(reason: "cancelled" | "shutdown"): void {
    this.#interrupted ??= reason;
    this.#running?.cancel();
    this.#wake?.();
  }

  /** One attempt on one channel; gives the place for the next, or undefined when there is no more to try. */
  async #hop(lease: Lease): Promise<Lease | undefined> {
    const { call, answering } = this.#errand;
    const { channel } = lease;
    const prepared = this.#say(channel);
    if (prepared === undefined) {
      lease.release();
      return this.#walk.next();
    }
    this.#attempts += 1;
    this.#channel = channel;
    const began = call.elapsed;
    answering.begin({ channel, attempts: this.#attempts, prepared });
    const end = await this.#send(lease, prepared, this.#provider(channel));
    this.#running = undefined;
    this.#end = end;
    const note = { channel: channel.id, provider: channel.provider, milliseconds: call.elapsed - began };
    if (end.kind !== "failed") {
      if (end.kind === "complete") lease.success(note.milliseconds);
      lease.release();
      call.trace.attempt({ ...note, outcome: end.kind === "complete" ? "success" : "cancelled" });
      return undefined;
    }
    const hints = readRetryHints(end.headers, call.house.clock.now());
    lease.failure(end.failure.code, hints.retryAfter);
    lease.release();
    const decision = this.#decide(end, hints, this.#walk.othersLeft);
    call.trace.attempt({
      ...note,
      outcome: "failed",
      code: end.failure.code,
      ...(end.failure.status === undefined
        ? { reason: end.failure.message }
        : { status: end.failure.status }),
      decision: decision.action === "give_up" ? `give_up: ${decision.reason}` : decision.action,
    });
    const next = await this.#follow(decision, channel);
    if (next !== undefined || decision.action !== "next" || this.#interrupted !== undefined) return next;
    // Every other channel refuses calls now: this one is all there is.
    return this.#follow(this.#decide(end, hints, false), channel);
  }

  /** Answers with what the last attempt came to, and settles the call. */
  #conclude(): void {
    const { call, answering } = this.#errand;
    const end = this.#end;
    if (end === undefined) throw this.#unsayable ?? this.#walk.exhausted(call.house.clock.now());
    try {
      if (end.kind === "complete") answering.finish();
      else if (this.#interrupted === "shutdown") answering.fail(new Fault("shutting_down"));
      else if (end.kind === "cancelled" || this.#interrupted !== undefined) answering.dispose();
      else
        answering.fail(faultOf(end.failure, readRetryHints(end.headers, call.house.clock.now()).retryAfter));
    } finally {
      this.#settle(this.#outcomeOf(end), end);
    }
  }

  /** No channel took the call, or something failed here. */
  #collapse(fault: Fault): void {
    const { call, answering } = this.#errand;
    if (this.#intent !== undefined && !this.#settled)
      this.#settle("failed", {
        kind: "failed",
        failure: { code: fault.code, message: "" },
        headers: {},
        taken: true,
      });
    if (this.#settled) call.house.onError(call.id, fault.cause ?? fault);
    else call.trace.refused(fault.code, fault.cause);
    answering.fail(fault);
  }

  /** The request in the channel's words; undefined where this channel cannot be told all that must be said. */
  #say(channel: Channel): Prepared | undefined {
    const { asked, resolution, call, strict } = this.#errand;
    const said = sayTo(asked, channel, resolution.suffix, this.#provider(channel), call.house, strict);
    if (!(said instanceof Fault)) return said;
    this.#unsayable = said;
    return undefined;
  }

  // Not `async`: a stream would keep the frames of both for as long as it lasts.
  #send(lease: Lease, prepared: Prepared, provider: Provider): Promise<AttemptEnd> {
    const credentials = provider.authorize();
    if (!(credentials instanceof Promise)) return this.#sendWith(credentials, lease, prepared, provider);
    return credentials.then(
      (fetched) => this.#sendWith(fetched, lease, prepared, provider),
      (error: Error) => ({
        kind: "failed",
        failure: { code: "provider_credentials", message: error.message },
        headers: {},
        taken: false,
      }),
    );
  }

  #sendWith(
    credentials: Readonly<Record<string, string>>,
    lease: Lease,
    prepared: Prepared,
    provider: Provider,
  ): Promise<AttemptEnd> {
    const { call, asked, principal, answering } = this.#errand;
    const deadlines = this.#deadlines(lease.channel);
    if (this.#interrupted !== undefined) return Promise.resolve({ kind: "cancelled" });
    this.#intent = openIntent(call, asked, principal, lease.channel);
    call.meter.reset();
    const began = call.elapsed;
    const attempt = new Attempt({
      clock: call.house.clock,
      transport: provider.transport,
      deadlines,
      remaining: Math.max(1, deadlines.total - call.elapsed),
      onMistake: (error) => call.house.onError(call.id, error),
      receiver: answering.receiver(() => {
        this.#firstEventAfter = call.elapsed;
        call.mark("provider");
        lease.success(call.elapsed - began);
        asked.release();
      }),
      call: {
        method: "POST",
        ...prepared.target,
        headers: {
          ...upstreamHeaders(call.arrival.headers, provider, credentials, asked.peek.stream),
          ...call.trace.upstreamHeaders(),
        },
        body: prepared.body,
        connectTimeout: deadlines.connect,
      },
    });
    this.#running = attempt;
    answering.pace(attempt);
    call.mark("route");
    return attempt.run();
  }

  #decide(end: Extract<AttemptEnd, { kind: "failed" }>, hints: RetryHints, othersLeft: boolean): Decision {
    const { call, answering, resolution } = this.#errand;
    const { clock, retries, random } = call.house;
    if (answering.committed || this.#interrupted !== undefined) return { action: "give_up", reason: "final" };
    const channel = this.#channel as Channel;
    return decideRetry(
      { code: end.failure.code, hints },
      {
        attempt: this.#attempts,
        attempts: resolution.route.attempts,
        othersLeft,
        budget: retries.allows(clock.now()),
        remaining: this.#deadlines(channel).total - call.elapsed,
      },
      random,
    );
  }

  async #follow(decision: Decision, channel: Channel): Promise<Lease | undefined> {
    if (decision.action === "give_up") return undefined;
    const { clock, retries } = this.#errand.call.house;
    if (decision.action === "again") await this.#sleep(decision.delay);
    if (this.#interrupted !== undefined) return undefined;
    const lease = decision.action === "again" ? this.#walk.again(channel) : this.#walk.next();
    if (lease !== undefined) retries.spend(clock.now());
    return lease;
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#errand.call.house.clock.after(milliseconds, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #outcomeOf(end: AttemptEnd): Outcome {
    if (end.kind === "complete") return "success";
    if (this.#interrupted !== undefined || end.kind === "cancelled") return this.#interrupted ?? "cancelled";
    if (this.#errand.answering.committed) return "broken";
    return end.failure.code === "provider_timeout" ? "timeout" : "failed";
  }

  #settle(outcome: Outcome, end: AttemptEnd): void {
    if (this.#settled) return;
    const failed = end.kind === "failed" ? end.failure : undefined;
    if (this.#intent === undefined || this.#channel === undefined) {
      // Nothing was sent: there is nothing to post, but the call is over.
      const code = outcome === "shutdown" ? "shutting_down" : (failed?.code ?? "client_closed");
      this.#errand.call.trace.refused(code, undefined);
      return;
    }
    this.#settled = true;
    settle(this.#errand.call, this.#intent, this.#channel, {
      outcome,
      attempts: this.#attempts,
      served: end.kind !== "failed" || end.taken,
      error: failed?.code,
      firstEventAfter: this.#firstEventAfter,
    });
  }

  #provider(channel: Channel): Provider {
    const provider = this.#errand.call.plan.providers.get(channel.provider);
    if (provider === undefined)
      throw new Fault("internal", { cause: new Error(`no provider ${channel.provider}`) });
    return provider;
  }

  #deadlines(channel: Channel): Deadlines {
    const { call, resolution } = this.#errand;
    return deadlinesFor(call.plan.deadlines, channel, resolution.route);
  }
}

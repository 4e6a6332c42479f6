import type { ChatDialect } from "../core/dialect.ts";
import { timedToken } from "../core/ids.ts";
import type { CallTrace } from "../telemetry/observer.ts";
import type { Client } from "./client.ts";
import type { House, IncomingHeaders, Plan } from "./house.ts";
import { Meter } from "./meter.ts";

/** What the listener hands over. */
export interface Arrival {
  readonly dialect: ChatDialect;
  readonly headers: IncomingHeaders;
  /** The whole body. Rejects with a Fault: too large, too slow, of a wrong type. */
  readonly readBody: () => Promise<Uint8Array>;
  readonly client: Client;
}

/** The state of one call from its first byte to its settlement. */
export class Call {
  readonly id: string;
  readonly arrival: Arrival;
  readonly house: House;
  readonly plan: Plan;
  readonly trace: CallTrace;
  readonly meter = new Meter();
  /** Unix milliseconds. */
  readonly at: number;
  readonly #began: number;
  #lastMark: number;
  readonly steps = new Map<string, number>();

  constructor(arrival: Arrival, house: House) {
    this.arrival = arrival;
    this.house = house;
    this.plan = house.plan();
    this.at = house.clock.now();
    this.id = `req_${timedToken(this.at, house.token)}`;
    this.#began = house.clock.monotonic();
    this.#lastMark = this.#began;
    this.trace = house.observer.started({
      id: this.id,
      dialect: arrival.dialect.id,
      headers: arrival.headers,
    });
  }

  /** Ends a step: the time since the last one is its own. */
  mark(step: string): void {
    const now = this.house.clock.monotonic();
    this.steps.set(step, (this.steps.get(step) ?? 0) + now - this.#lastMark);
    this.#lastMark = now;
  }

  /** Milliseconds since the call arrived. */
  get elapsed(): number {
    return this.house.clock.monotonic() - this.#began;
  }

  /** https://www.w3.org/TR/server-timing/ */
  serverTiming(): string {
    let text = "";
    for (const [step, milliseconds] of this.steps) {
      text += `${text === "" ? "" : ", "}${step};dur=${Math.round(milliseconds * 100) / 100}`;
    }
    return text;
  }
}

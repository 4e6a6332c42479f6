import { Gauge, type Metric } from "prom-client";

/** What is asked at each scrape rather than counted. */
export interface MetricSources {
  channels(): readonly {
    readonly channel: string;
    readonly state: "closed" | "open" | "half_open";
    readonly inFlight: number;
  }[];
  /** Calls that are not yet on disk. */
  ledgerPending(): number;
}

const states = ["closed", "half_open", "open"] as const;

/** Gauges that read the present state when they are scraped. `labelOf` bounds the channels shown. */
export function stateGauges(
  sources: MetricSources,
  callsInFlight: () => number,
  labelOf: (channel: string) => string,
): Metric[] {
  const registers: [] = [];
  return [
    new Gauge({
      name: "entente_calls_in_flight",
      help: "Calls between their arrival and their end.",
      registers,
      collect() {
        this.set(callsInFlight());
      },
    }),
    new Gauge({
      name: "entente_ledger_pending",
      help: "Calls that are not yet on disk.",
      registers,
      collect() {
        this.set(sources.ledgerPending());
      },
    }),
    new Gauge({
      name: "entente_channel_state",
      help: "State of a channel's circuit breaker: 1 for the one it is in.",
      labelNames: ["channel", "state"],
      registers,
      collect() {
        this.reset();
        for (const { channel, state } of sources.channels()) {
          for (const each of states)
            this.set({ channel: labelOf(channel), state: each }, each === state ? 1 : 0);
        }
      },
    }),
    new Gauge({
      name: "entente_channel_in_flight",
      help: "Calls in flight on a channel.",
      labelNames: ["channel"],
      registers,
      collect() {
        this.reset();
        for (const { channel, inFlight } of sources.channels())
          this.inc({ channel: labelOf(channel) }, inFlight);
      },
    }),
  ];
}

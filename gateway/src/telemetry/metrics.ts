import { collectDefaultMetrics, Registry } from "prom-client";
import type { ErrorCode } from "../core/errors.ts";
import type { Settlement } from "../core/settlement.ts";
import { CallMetrics, ChannelSeries } from "./call-metrics.ts";
import { LabelLimit, overflow, withoutSettings } from "./label-limit.ts";
import type { AttemptNote } from "./observer.ts";
import { type MetricSources, stateGauges } from "./state-gauges.ts";
import { Tally } from "./tally.ts";

const mostChannels = 1000;
const mostModelsOfChannels = 2000;

/** Prometheus metrics of this node. Labels are bound once and kept, so that counting a call takes about two microseconds. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #metrics = new CallMetrics(this.#registry);
  readonly #channelLabel = new LabelLimit(mostChannels);
  readonly #modelOfChannel = new LabelLimit(mostModelsOfChannels);
  readonly #series = new Map<string, ChannelSeries>();
  readonly #calls = new Map<string, Tally>();
  readonly #attempts = new Map<string, Tally>();
  #inFlight = 0;

  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.#registry });
    const gauges = stateGauges(
      sources,
      () => this.#inFlight,
      (channel) => this.#channelLabel.of(channel),
    );
    for (const gauge of gauges) this.#registry.registerMetric(gauge);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text that a scrape reads. */
  text(): Promise<string> {
    for (const tallies of [this.#series, this.#calls, this.#attempts]) {
      for (const tally of tallies.values()) tally.flush();
    }
    return this.#registry.metrics();
  }

  started(): void {
    this.#inFlight += 1;
  }

  attempted({ provider, channel, outcome, code, decision }: AttemptNote): void {
    const label = this.#channelLabel.of(channel);
    const error = code ?? "";
    memoised(
      this.#attempts,
      `${label}\n${outcome}\n${error}`,
      () => new Tally(this.#metrics.attempts.labels({ provider, channel: label, outcome, error })),
    ).add(1);
    // A decision may go on to say why; only its first word is bounded.
    if (decision !== undefined)
      this.#metrics.decisions.inc({ decision: /^[a-z_]*/.exec(decision)?.[0] ?? "" });
  }

  refused(code: ErrorCode): void {
    this.#inFlight -= 1;
    this.#metrics.refused.inc({ error: code });
  }

  settled(settlement: Settlement): void {
    this.#inFlight -= 1;
    const { provider, outcome } = settlement;
    const channel = this.#channelLabel.of(settlement.channel);
    const named = withoutSettings(settlement.model);
    const model = this.#modelOfChannel.admits(`${channel}\n${named}`) ? named : overflow;
    const error = settlement.error ?? "";
    memoised(
      this.#calls,
      `${channel}\n${model}\n${outcome}\n${error}`,
      () => new Tally(this.#metrics.calls.labels({ provider, channel, model, outcome, error })),
    ).add(1);
    memoised(this.#series, channel, () => new ChannelSeries(this.#metrics, provider, channel)).add(
      settlement,
    );
  }
}

function memoised<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

import { Counter, Histogram, type Registry } from "prom-client";
import type { Settlement } from "../core/settlement.ts";
import { Tally } from "./tally.ts";

const seconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

type ByChannel = "provider" | "channel";

/** The counters and histograms of calls. */
export class CallMetrics {
  readonly calls: Counter<ByChannel | "model" | "outcome" | "error">;
  readonly refused: Counter<"error">;
  readonly attempts: Counter<ByChannel | "outcome" | "error">;
  readonly decisions: Counter<"decision">;
  readonly tokens: Counter<ByChannel | "type" | "source">;
  readonly cost: Counter<ByChannel>;
  readonly duration: Histogram<ByChannel>;
  readonly firstEvent: Histogram<ByChannel>;

  constructor(registry: Registry) {
    const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
      new Counter({ name: `entente_${name}`, help, labelNames, registers: [registry] });
    const histogram = (name: string, help: string) => {
      const labelNames: ByChannel[] = ["provider", "channel"];
      return new Histogram({
        name: `entente_${name}`,
        help,
        labelNames,
        buckets: seconds,
        registers: [registry],
      });
    };
    const channel: ByChannel[] = ["provider", "channel"];
    this.calls = counter("calls_total", "Calls that reached a provider, by how they ended.", [
      ...channel,
      "model",
      "outcome",
      "error",
    ]);
    this.refused = counter("calls_refused_total", "Calls refused before they reached a provider.", ["error"]);
    this.attempts = counter("attempts_total", "Calls to providers, retries and fallbacks included.", [
      ...channel,
      "outcome",
      "error",
    ]);
    this.decisions = counter("retries_total", "What followed a failed attempt: next, again or give_up.", [
      "decision",
    ]);
    this.tokens = counter(
      "tokens_total",
      "Tokens; cached and reasoning ones are shares of input and output.",
      [...channel, "type", "source"],
    );
    this.cost = counter("cost_dollars_total", "Cost at the price in force, in US dollars.", channel);
    this.duration = histogram("call_duration_seconds", "Time from a call's arrival to its end.");
    this.firstEvent = histogram(
      "time_to_first_event_seconds",
      "Time from a call's arrival to its first event.",
    );
  }
}

const tokenTypes = [
  ["input", "inputTokens"],
  ["output", "outputTokens"],
  ["cache_read", "cacheReadTokens"],
  ["cache_write", "cacheWriteTokens"],
  ["reasoning", "reasoningTokens"],
] as const;

const nanosPerDollar = 1e9;

/** What one channel's calls write to, with the labels bound once. */
export class ChannelSeries {
  readonly #duration: { observe(value: number): void };
  readonly #firstEvent: { observe(value: number): void };
  readonly #cost: Tally;
  readonly #reported: readonly Tally[];
  readonly #estimated: readonly Tally[];

  constructor(metrics: CallMetrics, provider: string, channel: string) {
    const labels = { provider, channel };
    this.#duration = metrics.duration.labels(labels);
    this.#firstEvent = metrics.firstEvent.labels(labels);
    this.#cost = new Tally(metrics.cost.labels(labels));
    const tokensFrom = (source: string) =>
      tokenTypes.map(([type]) => new Tally(metrics.tokens.labels({ ...labels, type, source })));
    this.#reported = tokensFrom("reported");
    this.#estimated = tokensFrom("estimated");
  }

  add({ at, endedAt, firstEventAfter, usage, usageSource, cost }: Settlement): void {
    this.#duration.observe(Math.max(0, endedAt - at) / 1000);
    if (firstEventAfter !== undefined) this.#firstEvent.observe(firstEventAfter / 1000);
    for (const line of cost) this.#cost.add(Number(line.amount) / nanosPerDollar);
    if (usage === undefined || usageSource === "none") return;
    const tallies = usageSource === "reported" ? this.#reported : this.#estimated;
    for (let index = 0; index < tokenTypes.length; index += 1) {
      const tokens = usage[tokenTypes[index]![1]];
      if (tokens !== undefined) tallies[index]!.add(tokens);
    }
  }

  flush(): void {
    for (const tally of [this.#cost, ...this.#reported, ...this.#estimated]) tally.flush();
  }
}

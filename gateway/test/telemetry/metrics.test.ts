import { describe, expect, test } from "vitest";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { settlement } from "./fakes.ts";

function setUp(pending = 0) {
  return new Metrics({
    channels: () => [{ channel: "openai/gpt-4o", state: "half_open", inFlight: 2 }],
    ledgerPending: () => pending,
  });
}

describe("the metrics", () => {
  test("count a settled call, its tokens, cost and times by channel", async () => {
    const metrics = setUp();
    metrics.started();
    metrics.settled(settlement());
    const text = await metrics.text();
    const labels = 'provider="openai",channel="openai/gpt-4o"';
    expect(text).toContain(`entente_calls_total{${labels},model="gpt-4o",outcome="success",error=""} 1`);
    expect(text).toContain(`entente_tokens_total{${labels},type="input",source="reported"} 12`);
    expect(text).toContain(`entente_tokens_total{${labels},type="output",source="reported"} 9`);
    expect(text).toContain(`entente_tokens_total{${labels},type="cache_read",source="reported"} 4`);
    expect(text).not.toMatch(/entente_tokens_total\{.*type="reasoning".*\} [1-9]/);
    expect(text).toMatch(/entente_cost_dollars_total\{.*\} 0\.00012\n/);
    expect(text).toMatch(/entente_call_duration_seconds_sum\{.*\} 2\n/);
    expect(text).toMatch(/entente_time_to_first_event_seconds_sum\{.*\} 0\.4\n/);
    expect(text).toContain("entente_calls_in_flight 0");
  });

  test("add up over calls", async () => {
    const metrics = setUp();
    for (let call = 0; call < 3; call += 1) metrics.settled(settlement());
    metrics.settled(settlement({ outcome: "broken", error: "provider_stream_broken" }));
    const text = await metrics.text();
    expect(text).toMatch(/entente_calls_total\{.*outcome="success".*\} 3\n/);
    expect(text).toMatch(/entente_calls_total\{.*outcome="broken",error="provider_stream_broken"\} 1\n/);
  });

  test("count no tokens that are not known", async () => {
    const metrics = setUp();
    const { usage: _, ...unknown } = settlement({ usageSource: "none", cost: [] });
    metrics.settled(unknown);
    expect(await metrics.text()).not.toMatch(/entente_tokens_total\{.*\} [1-9]/);
  });

  test.each([-1, Number.NaN, Infinity, 1e300])(
    "are not upset by a provider that reports %d tokens",
    async (tokens) => {
      const metrics = setUp();
      metrics.settled(settlement({ usage: { inputTokens: tokens, outputTokens: 2 } }));
      const text = await metrics.text();
      expect(text).toMatch(/entente_tokens_total\{.*type="input",source="reported"\} 0\n/);
      expect(text).toMatch(/entente_tokens_total\{.*type="output",source="reported"\} 2\n/);
    },
  );

  test("count attempts, what followed them, and refusals", async () => {
    const metrics = setUp();
    const note = { channel: "a/1", provider: "a", milliseconds: 5, outcome: "failed" } as const;
    metrics.attempted({ ...note, code: "provider_timeout", decision: "next" });
    metrics.attempted({ ...note, code: "provider_timeout", decision: "give_up: budget" });
    metrics.started();
    metrics.started();
    metrics.refused("invalid_key");
    const text = await metrics.text();
    expect(text).toContain(
      'entente_attempts_total{provider="a",channel="a/1",outcome="failed",error="provider_timeout"} 2',
    );
    expect(text).toContain('entente_retries_total{decision="next"} 1');
    expect(text).toContain('entente_retries_total{decision="give_up"} 1');
    expect(text).toContain('entente_calls_refused_total{error="invalid_key"} 1');
    expect(text).toContain("entente_calls_in_flight 1");
  });

  test("show the state of channels, ledger and event loop as of the scrape", async () => {
    const text = await setUp(7).text();
    expect(text).toContain('entente_channel_state{channel="openai/gpt-4o",state="half_open"} 1');
    expect(text).toContain('entente_channel_state{channel="openai/gpt-4o",state="closed"} 0');
    expect(text).toContain('entente_channel_in_flight{channel="openai/gpt-4o"} 2');
    expect(text).toContain("entente_ledger_pending 7");
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  test("keep the number of series bounded, whatever models are named", async () => {
    const metrics = setUp();
    for (let call = 0; call < 5000; call += 1)
      metrics.settled(settlement({ model: `sim/m${call}?latency=${call}` }));
    const series = (await metrics.text()).match(/^entente_calls_total\{/gm) ?? [];
    expect(series.length).toBe(2001);
  });

  test("leave out the settings in a model's name, and cannot be broken by one", async () => {
    const metrics = setUp();
    metrics.settled(settlement({ model: "sim/text?latency=5" }));
    metrics.settled(settlement({ model: 'a"}\nforged 1' }));
    const text = await metrics.text();
    expect(text).toContain('model="sim/text"');
    expect(text).not.toMatch(/^forged/m);
  });
});

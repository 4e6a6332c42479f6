import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { openTelemetryOf } from "../../src/telemetry/telemetry.ts";
import { fakeCollector, fakeLog, settlement } from "./fakes.ts";

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const steps = new Map([
  ["identify", 0.2],
  ["call", 12],
]);

async function setUp(environment: Record<string, string> = {}) {
  const metrics = new Metrics({ channels: () => [], ledgerPending: () => 0 });
  const { log, lines } = fakeLog();
  const telemetry = await openTelemetryOf({ log, metrics, version: "1.2.3", environment });
  const start = (headers: Record<string, string> = {}) =>
    telemetry.observer.started({ id: "req_1", dialect: "openai-chat", headers });
  return { telemetry, start, lines, metrics };
}

const failed = {
  channel: "azure/gpt-4o",
  provider: "azure",
  milliseconds: 30,
  outcome: "failed",
  code: "provider_overloaded",
  status: 503,
  decision: "next",
} as const;
const succeeded = {
  channel: "openai/gpt-4o",
  provider: "openai",
  milliseconds: 12,
  outcome: "success",
} as const;

describe("a call in the log", () => {
  test("is one line with its metadata, and one for each failed hop", async () => {
    const { start, lines } = await setUp();
    const trace = start();
    trace.attempt(failed);
    trace.attempt(succeeded);
    trace.settled(settlement({ attempts: 2 }), steps);
    expect(lines).toMatchObject([
      {
        level: "warn",
        message: "attempt failed",
        fields: { requestId: "req_1", channel: "azure/gpt-4o", decision: "next" },
      },
      {
        level: "info",
        message: "call",
        fields: { requestId: "req_1", attempts: 2, ms: 2000, nanoDollars: "120000" },
      },
    ]);
  });

  test("that failed is a warning", async () => {
    const { start, lines } = await setUp();
    start().settled(settlement({ outcome: "failed", error: "provider_timeout" }), steps);
    expect(lines).toMatchObject([{ level: "warn", fields: { outcome: "failed", code: "provider_timeout" } }]);
  });

  test("that was refused is told by its public sentence alone", async () => {
    const { start, lines } = await setUp();
    start().refused("model_not_found", new Fault("model_not_found", { cause: new Error("the prompt") }));
    start().refused("invalid_request", new SyntaxError("the prompt"));
    start().refused("missing_key", undefined);
    expect(lines.map(({ level }) => level)).toEqual(["info", "info", "info"]);
    expect(JSON.stringify(lines)).toContain("No channel serves that model.");
    expect(JSON.stringify(lines)).not.toContain("the prompt");
  });

  test("that failed here is an error with its cause", async () => {
    const { start, lines } = await setUp();
    const bug = new TypeError("bug");
    start().refused("internal", bug);
    expect(lines).toMatchObject([{ level: "error", fields: { requestId: "req_1", error: bug } }]);
  });
});

test("a call goes on where it cannot be recorded, and the log says so", async () => {
  const { start, lines, metrics } = await setUp();
  metrics.settled = () => {
    throw new Error("no room");
  };
  const trace = start();
  expect(() => trace.settled(settlement(), steps)).not.toThrow();
  expect(lines).toMatchObject([{ level: "error", fields: { requestId: "req_1" } }]);
});

describe("the caller's trace", () => {
  test("is handed on as it is where nothing is exported", async () => {
    const { start } = await setUp();
    expect(start({ traceparent: parent }).upstreamHeaders()).toEqual({ traceparent: parent });
    expect(start({ traceparent: "forged\r\nx: y" }).upstreamHeaders()).toEqual({});
    expect(start().upstreamHeaders()).toEqual({});
  });
});

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

function spansOf(body: unknown): OtlpSpan[] {
  const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

function metricNames(body: unknown): string[] {
  const { resourceMetrics } = body as {
    resourceMetrics: { scopeMetrics: { metrics: { name: string }[] }[] }[];
  };
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics.map((m) => m.name)),
  );
}

function attributesOf(span: OtlpSpan | undefined): Record<string, unknown> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe("a collector", () => {
  test("gets a span for the call in the caller's trace, one for each attempt, and the GenAI metrics", async () => {
    const collector = await fakeCollector();
    onTestFinished(collector.close);
    const { start, telemetry } = await setUp({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: "gate",
    });
    const trace = start({ traceparent: parent });
    const first = trace.upstreamHeaders();
    trace.attempt(failed);
    const second = trace.upstreamHeaders();
    trace.attempt(succeeded);
    trace.settled(settlement({ attempts: 2 }), steps);
    await telemetry.close();

    const traces = collector.received.filter(({ path }) => path === "/v1/traces");
    const spans = traces.flatMap(({ body }) => spansOf(body));
    const call = spans.find(({ name }) => name === "chat gpt-4o");
    const [azure, openai] = ["chat azure/gpt-4o", "chat openai/gpt-4o"].map((name) =>
      spans.find((s) => s.name === name),
    );
    expect(spans).toHaveLength(3);
    expect(call).toMatchObject({ kind: 2, traceId: parent.slice(3, 35), parentSpanId: "00f067aa0ba902b7" });
    expect(azure).toMatchObject({
      kind: 3,
      traceId: call?.traceId,
      parentSpanId: call?.spanId,
      status: { code: 2 },
    });
    expect(openai).toMatchObject({ kind: 3, parentSpanId: call?.spanId });
    expect(first).toEqual({ traceparent: `00-${call?.traceId}-${azure?.spanId}-01` });
    expect(second).toEqual({ traceparent: `00-${call?.traceId}-${openai?.spanId}-01` });
    expect(attributesOf(call)).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.time_to_first_chunk": 0.4,
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.usage.output_tokens": 9,
      "gen_ai.usage.cache_read.input_tokens": 4,
      "entente.request.id": "req_1",
      "entente.cost.nano_dollars": "120000",
      "entente.step.identify": 0.2,
    });
    expect(attributesOf(azure)).toMatchObject({
      "error.type": "provider_overloaded",
      "http.response.status_code": 503,
    });
    expect(JSON.stringify(traces)).toContain('{"key":"service.name","value":{"stringValue":"gate"}}');

    const metrics = collector.received.filter(({ path }) => path === "/v1/metrics");
    expect(new Set(metrics.flatMap(({ body }) => metricNames(body)))).toEqual(
      new Set([
        "gen_ai.client.token.usage",
        "gen_ai.client.operation.duration",
        "gen_ai.server.request.duration",
        "gen_ai.server.time_to_first_token",
        "gen_ai.server.time_per_output_token",
      ]),
    );
  });

  test("gets the span of a refused call, marked as an error, and of an attempt never told of", async () => {
    const collector = await fakeCollector();
    onTestFinished(collector.close);
    const { start, telemetry } = await setUp({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });
    const trace = start();
    trace.upstreamHeaders();
    trace.refused("internal", new Error("x"));
    await telemetry.close();
    const spans = collector.received
      .filter(({ path }) => path === "/v1/traces")
      .flatMap(({ body }) => spansOf(body));
    expect(spans).toHaveLength(2);
    expect(attributesOf(spans.find(({ kind }) => kind === 2))).toMatchObject({ "error.type": "internal" });
  });

  test("that refuses what it is sent fails no stop", async () => {
    const collector = await fakeCollector(400);
    onTestFinished(collector.close);
    const { start, telemetry, lines } = await setUp({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    start().settled(settlement(), steps);
    await expect(telemetry.close()).resolves.toBeUndefined();
    expect(lines.some(({ level }) => level === "warn")).toBe(true);
  });

  test("whose address is no URL is an error in the log and nothing more", async () => {
    const { start, telemetry, lines } = await setUp({ OTEL_EXPORTER_OTLP_ENDPOINT: "nowhere" });
    start().settled(settlement(), steps);
    await telemetry.close();
    expect(lines[0]).toMatchObject({ level: "error" });
  });
});

test("without a collector no part of OpenTelemetry and no pretty printer is loaded", async () => {
  const folder = new URL("../../src/telemetry/", import.meta.url).href;
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.push(found.url); return found; } });
    const { openTelemetryOf } = await import("${folder}telemetry.ts");
    const { openLog } = await import("${folder}log.ts");
    const { Metrics } = await import("${folder}metrics.ts");
    const { log } = await openLog({ level: "silent", pretty: false });
    const metrics = new Metrics({ channels: () => [], ledgerPending: () => 0 });
    await openTelemetryOf({ log, metrics, version: "1", environment: {} });
    console.log(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded.some((url) => url.includes("/pino/"))).toBe(true);
  // prom-client declares @opentelemetry/api and may load that small part; the SDK and the exporters are what costs.
  expect(loaded.filter((url) => /@opentelemetry\/(?!api\/)|pino-pretty/.test(url))).toEqual([]);
});

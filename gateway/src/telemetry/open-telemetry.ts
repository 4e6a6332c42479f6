import { DiagLogLevel, diag } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Log } from "./log.ts";
import type { CallObserver } from "./observer.ts";
import { SpanObserver } from "./spans.ts";

export interface OpenTelemetryOptions {
  /** Base URL of an OTLP collector; `/v1/traces` and `/v1/metrics` are appended. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly version: string;
  readonly log: Log;
  /** Milliseconds between two exports of the metrics. */
  readonly metricInterval: number;
}

export interface OpenTelemetry {
  readonly observer: CallObserver;
  /** Exports what is held and stops. Rejects where the collector does not take it. */
  close(): Promise<void>;
}

/**
 * Traces and metrics by OTLP over HTTP, as JSON. Only reached by a dynamic import, so that nothing is loaded where no
 * collector is named. Headers, timeouts and compression come from OpenTelemetry's own environment variables.
 */
export function openTelemetry(options: OpenTelemetryOptions): OpenTelemetry {
  reportTroubleTo(options.log);
  const base = options.endpoint.replace(/\/+$/, "");
  const resource = defaultResource().merge(
    resourceFromAttributes({ "service.name": options.serviceName, "service.version": options.version }),
  );
  const traces = new TracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${base}/v1/traces` }) }),
    ],
  });
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics` }),
        exportIntervalMillis: options.metricInterval,
      }),
    ],
  });
  const scope = ["entente-gateway", options.version] as const;
  return {
    observer: new SpanObserver(traces.getTracer(...scope), metrics.getMeter(...scope)),
    close: async () => {
      await Promise.all([traces.shutdown(), metrics.shutdown()]);
      diag.disable();
    },
  };
}

function reportTroubleTo(log: Log): void {
  const tell = (message: string) => log.warn({ source: "opentelemetry" }, message.slice(0, 500));
  const quiet = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

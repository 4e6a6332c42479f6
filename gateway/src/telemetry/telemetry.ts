import { type ErrorCode, errors } from "../core/errors.ts";
import { Fault } from "../core/fault.ts";
import type { Settlement } from "../core/settlement.ts";
import { describeError } from "./error-shape.ts";
import type { Log, PlainFields } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { ArrivedCall, AttemptNote, CallObserver, CallTrace } from "./observer.ts";
import type { OpenTelemetry } from "./open-telemetry.ts";
import { readTraceParent, writeTraceParent } from "./trace-parent.ts";

export interface TelemetryOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Telemetry {
  readonly observer: CallObserver;
  /** Exports what is held. Never rejects: a collector that is away is no reason to fail a stop. */
  close(): Promise<void>;
}

const defaultMetricInterval = 60_000;

/** Log, metrics and, where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, OpenTelemetry, behind one observer of calls. */
export async function openTelemetryOf(options: TelemetryOptions): Promise<Telemetry> {
  const { log, metrics } = options;
  const exported = await exporter(options);
  return {
    observer: new HouseObserver(log, metrics, exported?.observer),
    close: async () => {
      try {
        await exported?.close();
      } catch (error) {
        log.warn({ error }, "the last traces or metrics could not be exported");
      }
    },
  };
}

async function exporter({ environment, version, log }: TelemetryOptions): Promise<OpenTelemetry | undefined> {
  const endpoint = environment["OTEL_EXPORTER_OTLP_ENDPOINT"];
  if (endpoint === undefined || endpoint === "" || environment["OTEL_SDK_DISABLED"] === "true")
    return undefined;
  if (!URL.canParse(endpoint)) {
    log.error({}, "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL: nothing is exported");
    return undefined;
  }
  const { openTelemetry } = await import("./open-telemetry.ts");
  const interval = Number(environment["OTEL_METRIC_EXPORT_INTERVAL"]);
  return openTelemetry({
    endpoint,
    version,
    log,
    serviceName: environment["OTEL_SERVICE_NAME"] ?? "entente",
    metricInterval: Number.isInteger(interval) && interval > 0 ? interval : defaultMetricInterval,
  });
}

class HouseObserver implements CallObserver {
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #exported: CallObserver | undefined;

  constructor(log: Log, metrics: Metrics, exported: CallObserver | undefined) {
    this.#log = log;
    this.#metrics = metrics;
    this.#exported = exported;
  }

  started(call: ArrivedCall): CallTrace {
    this.#metrics.started();
    return new HouseTrace(call, this.#log, this.#metrics, this.#exported?.started(call));
  }
}

const noHeaders: Readonly<Record<string, string>> = {};

class HouseTrace implements CallTrace {
  readonly #id: string;
  readonly #headers: ArrivedCall["headers"];
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #span: CallTrace | undefined;

  constructor(call: ArrivedCall, log: Log, metrics: Metrics, span: CallTrace | undefined) {
    this.#id = call.id;
    this.#headers = call.headers;
    this.#log = log;
    this.#metrics = metrics;
    this.#span = span;
  }

  attempt(note: AttemptNote): void {
    this.#quietly(() => {
      this.#metrics.attempted(note);
      this.#span?.attempt(note);
      if (note.outcome !== "failed") return;
      const { channel, code, status, reason, decision } = note;
      const ms = rounded(note.milliseconds);
      const fields = { requestId: this.#id, channel, code, status, reason, ms, decision };
      this.#log.warn(fields, "attempt failed");
    });
  }

  /** Without a span of our own the caller's place in its trace is handed on as it is. */
  upstreamHeaders(): Readonly<Record<string, string>> {
    if (this.#span !== undefined) return this.#span.upstreamHeaders();
    const parent = readTraceParent(this.#headers["traceparent"]);
    return parent === undefined ? noHeaders : { traceparent: writeTraceParent(parent) };
  }

  settled(settlement: Settlement, steps: ReadonlyMap<string, number>): void {
    this.#quietly(() => {
      this.#metrics.settled(settlement);
      this.#span?.settled(settlement, steps);
      const line = callLine(settlement);
      if (settlement.outcome === "success" || settlement.outcome === "cancelled")
        this.#log.plain("info", line, "call");
      else this.#log.plain("warn", line, "call");
    });
  }

  refused(code: ErrorCode, cause: unknown): void {
    this.#quietly(() => {
      this.#metrics.refused(code);
      this.#span?.refused(code, cause);
      const { status, owner, sentence } = errors[code];
      const fields = { requestId: this.#id, code, status };
      if (code === "internal") this.#log.error({ ...fields, error: cause }, "call failed here");
      else this.#log.info({ ...fields, owner, sentence, reason: reasonOf(cause) }, "call refused");
    });
  }

  /** To observe a call must not be what it fails of. */
  #quietly(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#log.error({ requestId: this.#id, error }, "the call could not be recorded in full");
    }
  }
}

/** A Fault's sentence is public; any other message may quote what it was thrown over. */
function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof Fault) return cause.message;
  return cause === undefined ? undefined : describeError(cause).type;
}

function callLine(settlement: Settlement): PlainFields {
  const { usage } = settlement;
  const cost = settlement.cost.reduce((sum, line) => sum + line.amount, 0n);
  return {
    requestId: settlement.id,
    project: settlement.project,
    keyId: settlement.keyId,
    model: settlement.model,
    channel: settlement.channel,
    dialect: settlement.dialect,
    stream: settlement.stream,
    outcome: settlement.outcome,
    code: settlement.error,
    attempts: settlement.attempts,
    ms: rounded(settlement.endedAt - settlement.at),
    firstEventMs: settlement.firstEventAfter === undefined ? undefined : rounded(settlement.firstEventAfter),
    inputTokens: usage?.inputTokens,
    outputTokens: usage?.outputTokens,
    usage: settlement.usageSource,
    nanoDollars: cost.toString(),
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

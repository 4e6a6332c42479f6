import {
  type Attributes,
  type Context,
  type Histogram,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ErrorCode } from "../core/errors.ts";
import type { Settlement } from "../core/settlement.ts";
import { entente, genAi, genAiBuckets, genAiMetrics, general } from "./gen-ai-names.ts";
import { LabelLimit, withoutSettings } from "./label-limit.ts";
import type { ArrivedCall, AttemptNote, CallObserver, CallTrace } from "./observer.ts";
import { readTraceParent, writeTraceParent } from "./trace-parent.ts";

const operation = "chat";
const mostModels = 1000;

/** Tells calls as OpenTelemetry spans and metrics: a server span for the call, a client span for each attempt. */
export class SpanObserver implements CallObserver {
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;

  constructor(tracer: Tracer, meter: Meter) {
    this.#tracer = tracer;
    this.#instruments = new Instruments(meter);
  }

  started(call: ArrivedCall): CallTrace {
    return new CallSpan(this.#tracer, this.#instruments, call);
  }
}

class Instruments {
  readonly models = new LabelLimit(mostModels);
  readonly tokenUsage: Histogram;
  readonly clientDuration: Histogram;
  readonly serverDuration: Histogram;
  readonly timeToFirstToken: Histogram;
  readonly timePerOutputToken: Histogram;

  constructor(meter: Meter) {
    const histogram = (name: string, unit: string, explicitBucketBoundaries: number[]) =>
      meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries } });
    this.tokenUsage = histogram(genAiMetrics.tokenUsage, "{token}", genAiBuckets.tokens);
    this.clientDuration = histogram(genAiMetrics.clientDuration, "s", genAiBuckets.seconds);
    this.serverDuration = histogram(genAiMetrics.serverDuration, "s", genAiBuckets.seconds);
    this.timeToFirstToken = histogram(genAiMetrics.timeToFirstToken, "s", genAiBuckets.firstToken);
    this.timePerOutputToken = histogram(genAiMetrics.timePerOutputToken, "s", genAiBuckets.perToken);
  }
}

class CallSpan implements CallTrace {
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;
  readonly #span: Span;
  readonly #context: Context;
  #attempt: Span | undefined;

  constructor(tracer: Tracer, instruments: Instruments, call: ArrivedCall) {
    this.#tracer = tracer;
    this.#instruments = instruments;
    const parent = readTraceParent(call.headers["traceparent"]);
    const outer =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: parent.traceId,
            spanId: parent.spanId,
            traceFlags: parent.flags,
            isRemote: true,
          });
    const attributes = {
      [genAi.operation]: operation,
      [entente.requestId]: call.id,
      [entente.dialect]: call.dialect,
    };
    this.#span = tracer.startSpan(operation, { kind: SpanKind.SERVER, attributes }, outer);
    this.#context = trace.setSpan(outer, this.#span);
  }

  upstreamHeaders(): Readonly<Record<string, string>> {
    this.#attempt ??= this.#startAttempt();
    const { traceId, spanId, traceFlags } = this.#attempt.spanContext();
    return { traceparent: writeTraceParent({ traceId, spanId, flags: traceFlags }) };
  }

  attempt(note: AttemptNote): void {
    const span = this.#attempt ?? this.#startAttempt(Date.now() - note.milliseconds);
    this.#attempt = undefined;
    span.updateName(`${operation} ${note.channel}`);
    span.setAttributes({
      [genAi.provider]: note.provider,
      [entente.channel]: note.channel,
      [entente.outcome]: note.outcome,
      ...(note.status === undefined ? {} : { [general.httpStatus]: note.status }),
      ...(note.decision === undefined ? {} : { [entente.decision]: note.decision }),
    });
    if (note.code !== undefined) markError(span, note.code);
    span.end();
    this.#instruments.clientDuration.record(note.milliseconds / 1000, {
      [genAi.operation]: operation,
      [genAi.provider]: note.provider,
      ...(note.code === undefined ? {} : { [general.errorType]: note.code }),
    });
  }

  settled(settlement: Settlement, steps: ReadonlyMap<string, number>): void {
    this.#span.updateName(`${operation} ${settlement.model}`);
    this.#span.setAttributes(settlementAttributes(settlement));
    for (const [step, milliseconds] of steps) this.#span.setAttribute(entente.step + step, milliseconds);
    if (settlement.error !== undefined) markError(this.#span, settlement.error);
    this.#end();
    this.#record(settlement);
  }

  refused(code: ErrorCode): void {
    markError(this.#span, code);
    this.#end();
  }

  #end(): void {
    // An attempt that was begun and never told of must not stay open.
    this.#attempt?.end();
    this.#attempt = undefined;
    this.#span.end();
  }

  #startAttempt(startTime?: number): Span {
    const options = { kind: SpanKind.CLIENT, attributes: { [genAi.operation]: operation } };
    return this.#tracer.startSpan(
      operation,
      startTime === undefined ? options : { ...options, startTime },
      this.#context,
    );
  }

  #record({ provider, model, error, at, endedAt, usage, firstEventAfter }: Settlement): void {
    const labels: Attributes = {
      [genAi.operation]: operation,
      [genAi.provider]: provider,
      [genAi.requestModel]: this.#instruments.models.of(withoutSettings(model)),
    };
    const { tokenUsage, serverDuration, timeToFirstToken, timePerOutputToken } = this.#instruments;
    const duration = Math.max(0, endedAt - at);
    serverDuration.record(
      duration / 1000,
      error === undefined ? labels : { ...labels, [general.errorType]: error },
    );
    if (firstEventAfter !== undefined) timeToFirstToken.record(firstEventAfter / 1000, labels);
    if (usage?.inputTokens !== undefined)
      tokenUsage.record(usage.inputTokens, { ...labels, [genAi.tokenType]: "input" });
    const output = usage?.outputTokens;
    if (output === undefined) return;
    tokenUsage.record(output, { ...labels, [genAi.tokenType]: "output" });
    if (firstEventAfter !== undefined && output > 1 && duration > firstEventAfter) {
      timePerOutputToken.record((duration - firstEventAfter) / 1000 / (output - 1), labels);
    }
  }
}

function settlementAttributes(settlement: Settlement): Attributes {
  const { usage, firstEventAfter } = settlement;
  const known = {
    [genAi.timeToFirstChunk]: firstEventAfter === undefined ? undefined : firstEventAfter / 1000,
    [genAi.inputTokens]: usage?.inputTokens,
    [genAi.outputTokens]: usage?.outputTokens,
    [genAi.cacheReadTokens]: usage?.cacheReadTokens,
    [genAi.cacheWriteTokens]: usage?.cacheWriteTokens,
    [genAi.reasoningTokens]: usage?.reasoningTokens,
  };
  return {
    [genAi.provider]: settlement.provider,
    [genAi.requestModel]: settlement.model,
    [genAi.requestStream]: settlement.stream,
    [entente.channel]: settlement.channel,
    [entente.project]: settlement.project,
    [entente.keyId]: settlement.keyId,
    [entente.outcome]: settlement.outcome,
    [entente.attempts]: settlement.attempts,
    [entente.usageSource]: settlement.usageSource,
    [entente.cost]: settlement.cost.reduce((sum, line) => sum + line.amount, 0n).toString(),
    ...known,
  };
}

function markError(span: Span, code: string): void {
  span.setAttribute(general.errorType, code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

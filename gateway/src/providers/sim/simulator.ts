import type { Clock } from "../../core/clock.ts";
import type { ChatDialect } from "../../core/dialect.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { ChatDialectId } from "../../core/extra.ts";
import { Fault } from "../../core/fault.ts";
import type { RandomToken } from "../../core/ids.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Transport, UpstreamCall } from "../upstream.ts";
import { dialectAt, simAddresses } from "./sim-address.ts";
import { simAnswer } from "./sim-answer.ts";
import { SimCall, type Step } from "./sim-call.ts";
import { readSimModel, simModels } from "./sim-models.ts";
import { nonsenseScript } from "./sim-nonsense.ts";
import { dataSteps, errorScript, simHeaders, streamScript, wholeScript } from "./sim-script.ts";
import { readSimSettings } from "./sim-settings.ts";

export interface SimulatorDependencies {
  readonly dialects: Readonly<Record<ChatDialectId, ChatDialect>>;
  readonly clock: Clock;
  readonly token: RandomToken;
  /** A number from 0, below 1: whether a call is among those that fail. */
  random(): number;
}

/**
 * A provider that is none, in place of the network: it reads a request in any chat dialect and answers in the same.
 * What it can be told to do is in docs/simulator.md.
 */
export function createSimulator(dependencies: SimulatorDependencies): Transport {
  return (call, listener) => new SimCall(script(call, dependencies), listener, dependencies.clock);
}

/** Nothing is read before the first step is asked for, which is after the transport has returned. */
function* script(call: UpstreamCall, dependencies: SimulatorDependencies): Generator<Step> {
  const id = dialectAt(call.path);
  if (call.method === "GET" && call.path === simAddresses.models.path) yield* modelList();
  else if (call.method === "POST" && id !== undefined)
    yield* answerOrRefusal(call, dependencies.dialects[id], dependencies);
  else {
    yield { type: "head", status: 404, headers: simHeaders("text/plain; charset=utf-8") };
    yield { type: "end" };
  }
}

function answerOrRefusal(
  call: UpstreamCall,
  dialect: ChatDialect,
  dependencies: SimulatorDependencies,
): Iterable<Step> {
  try {
    return answerScript(call, dialect, dependencies);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return errorScript(error.entry.status, errorBody(dialect, error, dependencies), undefined);
  }
}

function* modelList(): Generator<Step> {
  const data = simModels.map((name) => ({ id: `sim/${name}`, object: "model", created: 0, owned_by: "sim" }));
  yield { type: "head", status: 200, headers: simHeaders("application/json") };
  yield* dataSteps(Buffer.from(JSON.stringify({ object: "list", data })));
  yield { type: "end" };
}

function answerScript(
  call: UpstreamCall,
  dialect: ChatDialect,
  dependencies: SimulatorDependencies,
): Iterable<Step> {
  const request = dialect.request.decode(parse(call.body));
  const { model, query } = readSimModel(request.model);
  const settings = readSimSettings(query, call.headers["entente-sim"]);
  if (settings.fail !== undefined && dependencies.random() < settings.failRate)
    return errorScript(settings.fail, failure(settings.fail, dialect, dependencies), settings);
  const token = (): string => dependencies.token(24);
  const now = Math.floor(dependencies.clock.now() / 1000);
  const answer = simAnswer({ request, model, settings, dialect: dialect.id, now, token });
  const context = { request, token: token(), now };
  const right = request.stream
    ? streamScript(answer, dialect, context, settings)
    : wholeScript(
        JSON.stringify(dialect.response.encode(answer, context).body),
        answer.usage?.outputTokens ?? settings.tokens,
        settings,
      );
  return settings.nonsense === undefined
    ? right
    : nonsenseScript(settings.nonsense, {
        latency: settings.latency,
        stream: request.stream,
        right,
        error: failure(500, dialect, dependencies),
      });
}

/** @throws Fault `invalid_json`, `invalid_request` */
function parse(body: UpstreamCall["body"]): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(typeof body === "string" ? body : Buffer.from(body ?? []).toString("utf8"));
  } catch (cause) {
    throw new Fault("invalid_json", { cause });
  }
  if (!isJsonObject(value)) throw new Fault("invalid_request", { detail: "The body is not a JSON object." });
  return value;
}

const failures: Readonly<Record<number, ErrorCode>> = {
  401: "invalid_key",
  403: "model_not_allowed",
  404: "model_not_found",
  408: "request_timeout",
  413: "body_too_large",
  429: "provider_rate_limited",
  503: "provider_overloaded",
  504: "provider_timeout",
  529: "provider_overloaded",
};

function failure(status: number, dialect: ChatDialect, dependencies: SimulatorDependencies): string {
  const code = failures[status] ?? (status < 500 ? "invalid_request" : "provider_unavailable");
  return errorBody(dialect, new Fault(code, { detail: "This failure was asked for." }), dependencies);
}

function errorBody(dialect: ChatDialect, fault: Fault, dependencies: SimulatorDependencies): string {
  return JSON.stringify(dialect.error.encode(fault, `sim-${dependencies.token(16)}`));
}

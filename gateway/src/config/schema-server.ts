import { defaults } from "./defaults.ts";
import { duration, flag, integer, number, oneOf, section, size, text } from "./settings.ts";

const gibibyte = 1024 ** 3;
const year = 366 * 86_400_000;

export const listenSchema = section({
  host: text("a host name or IP address")
    .prefault(defaults.listen.host)
    .describe("Address to listen on. `0.0.0.0` opens it to the network."),
  port: integer(0, 65_535)
    .prefault(defaults.listen.port)
    .describe("Port to listen on. `0` takes any free one."),
});

/** How long each wait on a provider may last; every field optional, for places that override some of them. */
export const someDeadlinesSchema = section({
  connect: duration().exactOptional().describe("To a connected socket."),
  firstEvent: duration().exactOptional().describe("From the request to the first event of the answer."),
  betweenEvents: duration().exactOptional().describe("Between two events of a stream."),
  total: duration().exactOptional().describe("The whole call."),
});

export const deadlinesSchema = section({
  connect: duration().prefault(defaults.deadlines.connect).describe("To a connected socket."),
  firstEvent: duration()
    .prefault(defaults.deadlines.firstEvent)
    .describe("From the request to the first event of the answer."),
  betweenEvents: duration()
    .prefault(defaults.deadlines.betweenEvents)
    .describe("Between two events of a stream."),
  total: duration().prefault(defaults.deadlines.total).describe("The whole call."),
});

export const limitsSchema = section({
  bodyBytes: size(gibibyte)
    .prefault(defaults.limits.bodyBytes)
    .describe("Largest request body; a larger one is refused with 413 before it is read."),
  inFlight: integer(1, 1_000_000)
    .prefault(defaults.limits.inFlight)
    .describe("Most calls at once; the next one is refused with 503."),
  headerTimeout: duration()
    .prefault(defaults.limits.headerTimeout)
    .describe("A client must have sent its headers within this time."),
  bodyTimeout: duration()
    .prefault(defaults.limits.bodyTimeout)
    .describe("A client must have sent its whole request within this time."),
  readTimeout: duration()
    .prefault(defaults.limits.readTimeout)
    .describe("A client that takes nothing of a finished answer for this long is cut off."),
  keepAlive: duration()
    .prefault(defaults.limits.keepAlive)
    .describe("A streaming client that has heard nothing for this long gets a comment."),
  shutdownGrace: duration()
    .prefault(defaults.limits.shutdownGrace)
    .describe("How long running streams may go on after SIGTERM."),
}).superRefine(({ headerTimeout, bodyTimeout }, context) => {
  if (bodyTimeout < headerTimeout)
    context.addIssue({
      code: "custom",
      path: ["bodyTimeout"],
      message: "must not be shorter than `headerTimeout`: it counts from the same moment",
      params: { whole: true },
    });
});

export const retriesSchema = section({
  budget: number(1, { zero: true })
    .prefault(defaults.retries.budget)
    .describe("Most retries, as a share of the calls: 0.2 is one more call in five. `0` never retries."),
});

export const responsesSchema = section({
  retention: duration(year)
    .prefault(defaults.responses.retention)
    .describe("How long answers of the Responses API are kept for `previous_response_id` and retrieval."),
});

export const logSchema = section({
  level: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .prefault(defaults.log.level)
    .describe("Least severity that is logged. Prompts and keys are never logged."),
  pretty: flag()
    .exactOptional()
    .describe("Readable lines in place of JSON. Not set: readable on a terminal, JSON elsewhere."),
});

export const adminSchema = section({
  access: oneOf(["loopback", "network", "off"])
    .prefault(defaults.admin.access)
    .describe(
      "From where the control API under /admin answers: this machine only, anywhere, or nowhere. It always asks for an admin key.",
    ),
});

export const discoverySchema = section({
  environment: flag()
    .prefault(defaults.discovery.environment)
    .describe(
      "Offer the vendors whose keys are in the environment (`OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, ...).",
    ),
  engines: flag()
    .prefault(defaults.discovery.engines)
    .describe(
      "Look for engines on this machine (Ollama, vLLM, llama.cpp server, LM Studio) at their usual ports.",
    ),
});

// OpenTelemetry's GenAI conventions are still in development (https://github.com/open-telemetry/semantic-conventions-genai):
// every name of theirs that we use stands here and nowhere else.

/** Attributes of spans and metrics. */
export const genAi = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheWriteTokens: "gen_ai.usage.cache_creation.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  tokenType: "gen_ai.token.type",
} as const;

/** Histograms: tokens by the token, times in seconds. */
export const genAiMetrics = {
  tokenUsage: "gen_ai.client.token.usage",
  clientDuration: "gen_ai.client.operation.duration",
  serverDuration: "gen_ai.server.request.duration",
  timeToFirstToken: "gen_ai.server.time_to_first_token",
  timePerOutputToken: "gen_ai.server.time_per_output_token",
} as const;

/** Bucket bounds that the conventions advise. */
export const genAiBuckets = {
  tokens: [
    1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
  ],
  seconds: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  firstToken: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  perToken: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
};

/** Attributes of the stable conventions. */
export const general = { errorType: "error.type", httpStatus: "http.response.status_code" } as const;

/** Attributes of our own. */
export const entente = {
  requestId: "entente.request.id",
  dialect: "entente.dialect",
  channel: "entente.channel",
  project: "entente.project",
  keyId: "entente.key.id",
  outcome: "entente.outcome",
  attempts: "entente.attempts",
  decision: "entente.decision",
  usageSource: "entente.usage.source",
  /** Decimal string of nano-dollars. */
  cost: "entente.cost.nano_dollars",
  /** Milliseconds; the step's name is appended. */
  step: "entente.step.",
} as const;

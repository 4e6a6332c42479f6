/** Who has to act: the caller, the operator's policy, the provider, or us. */
export type ErrorOwner = "caller" | "policy" | "provider" | "us";

export interface ErrorEntry {
  readonly status: number;
  readonly owner: ErrorOwner;
  readonly retryable: boolean;
  /** What happened and what to do next; `Fault.detail` may say more about the one case. */
  readonly sentence: string;
}

function entry(status: number, owner: ErrorOwner, retryable: boolean, sentence: string): ErrorEntry {
  return { status, owner, retryable, sentence };
}

/** Every error that Entente answers. docs/errors.md is held to this table by a test. */
export const errors = {
  invalid_json: entry(400, "caller", false, "The body is not valid JSON."),
  invalid_request: entry(400, "caller", false, "The request has a field of the wrong type or value."),
  unsupported_field: entry(
    400,
    "caller",
    false,
    "The chosen model cannot be told everything the request says, and `entente-strict: true` forbids leaving it out.",
  ),
  vendor_only: entry(
    400,
    "caller",
    false,
    "The request uses a tool or block that only another vendor runs; ask for a model of that vendor or remove it.",
  ),
  missing_key: entry(
    401,
    "caller",
    false,
    "No API key was sent. Send `Authorization: Bearer <key>` or `x-api-key: <key>`.",
  ),
  invalid_key: entry(
    401,
    "caller",
    false,
    "The API key is not known here. Check it, or create one with `entente keys create`.",
  ),
  expired_key: entry(
    401,
    "caller",
    false,
    "The API key has expired. Create a new one with `entente keys create`.",
  ),
  revoked_key: entry(
    401,
    "caller",
    false,
    "The API key was revoked. Create a new one with `entente keys create`.",
  ),
  wrong_key_kind: entry(
    403,
    "caller",
    false,
    "This kind of key does not open this door: admin keys are for /admin, project keys for /v1.",
  ),
  foreign_origin: entry(
    403,
    "caller",
    false,
    "The control API takes no calls from web pages of other sites, nor under a host name that is not this machine's.",
  ),
  model_not_allowed: entry(403, "policy", false, "This key may not use that model."),
  not_found: entry(404, "caller", false, "There is nothing at this path."),
  model_not_found: entry(404, "caller", false, "No channel serves that model."),
  response_not_found: entry(
    404,
    "caller",
    false,
    "No stored response has that id, or its retention has passed.",
  ),
  method_not_allowed: entry(405, "caller", false, "This path does not take that method."),
  conflict: entry(409, "caller", false, "The request conflicts with the present state."),
  request_timeout: entry(408, "caller", true, "The request did not arrive in time."),
  body_too_large: entry(413, "caller", false, "The body is larger than this server takes."),
  unsupported_media_type: entry(415, "caller", false, "Send the body as application/json, uncompressed."),
  model_unpriced: entry(
    403,
    "policy",
    false,
    "That model has no price in force. Set `price` on its channel in entente.yaml, or `price: free`.",
  ),
  content_filtered: entry(400, "provider", false, "The provider's content filter refused the request."),
  context_length: entry(400, "caller", false, "The request is longer than the model's context window."),
  provider_rejected: entry(400, "caller", false, "The provider did not accept the request."),
  provider_model_missing: entry(
    502,
    "provider",
    true,
    "The provider does not know the model this channel names.",
  ),
  provider_credentials: entry(
    502,
    "provider",
    true,
    "The provider did not accept the credentials configured for it.",
  ),
  provider_rate_limited: entry(429, "provider", true, "The provider is limiting requests. Try again later."),
  provider_quota: entry(429, "provider", true, "The account at the provider has no quota or credit left."),
  provider_overloaded: entry(503, "provider", true, "The provider is overloaded. Try again later."),
  provider_unavailable: entry(502, "provider", true, "The provider could not be reached or failed."),
  provider_bad_answer: entry(502, "provider", true, "The provider's answer could not be understood."),
  provider_stream_broken: entry(502, "provider", true, "The provider's stream broke before it was complete."),
  provider_timeout: entry(504, "provider", true, "The provider did not answer in time."),
  channels_exhausted: entry(
    503,
    "us",
    true,
    "Every channel for that model is busy or resting after failures. Try again later.",
  ),
  overloaded: entry(503, "us", true, "This server has too many calls in flight. Try again later."),
  shutting_down: entry(503, "us", true, "This server is stopping. Try again; another one will answer."),
  client_closed: entry(499, "caller", false, "The client went away."),
  internal: entry(500, "us", true, "Something failed here. The log has the request id."),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

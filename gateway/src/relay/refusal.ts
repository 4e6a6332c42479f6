import type { ChatDialect } from "../core/dialect.ts";
import type { ProviderFailure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";

/** What an answer means that is not a whole answer. `body` is undefined where it was not a JSON object. */
export function refusalOf(
  dialect: ChatDialect,
  status: number,
  body: JsonObject | undefined,
): ProviderFailure {
  if (status >= 400) return dialect.error.decode(status, body);
  if (status === 200 && body !== undefined && Object.hasOwn(body, "error")) {
    const failure = dialect.error.decode(status, body);
    // Without a telling status or code it is the vendor's breakdown, not the caller's mistake.
    return failure.code === "provider_rejected" ? { ...failure, code: "provider_bad_answer" } : failure;
  }
  return {
    code: "provider_bad_answer",
    status,
    message: `the answer had status ${status} and was not understood`,
  };
}

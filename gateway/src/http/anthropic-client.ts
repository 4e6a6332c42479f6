import type { IncomingHttpHeaders } from "node:http";

/** Whether a client expects Anthropic's shapes where a path is of both vendors: it names the version of that API. */
export function isAnthropicClient(headers: IncomingHttpHeaders): boolean {
  return headers["anthropic-version"] !== undefined;
}

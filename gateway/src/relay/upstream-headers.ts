import type { Provider } from "../providers/provider.ts";
import type { IncomingHeaders } from "./house.ts";

/** What a provider is sent: our own words, its credentials, and those headers of the client that it allows by name. */
export function upstreamHeaders(
  incoming: IncomingHeaders,
  provider: Provider,
  credentials: Readonly<Record<string, string>>,
  stream: boolean,
): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: stream ? "text/event-stream" : "application/json",
    "user-agent": "entente",
  };
  for (const name of provider.forwardHeaders) {
    const value = incoming[name];
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return Object.assign(headers, credentials);
}

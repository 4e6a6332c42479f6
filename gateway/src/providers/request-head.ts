import type { UpstreamCall } from "./upstream.ts";
import { UpstreamError } from "./upstream-error.ts";

// RFC 9110 5.1 and 5.5; a path is what undici accepts: no blanks, no controls, one byte a character.
const headerName = /^[\w!#$%&'*+\-.^`|~]+$/;
const badHeaderValue = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const badPath = /[^\u0021-\u00ff]/;

/** Headers that frame the message or the connection: the transport alone sets them. */
const ownHeaders: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether a header may be set on a call to a provider. `name` in lower case. */
export function isSettableHeader(name: string, value: string): boolean {
  return headerName.test(name) && !ownHeaders.has(name) && !badHeaderValue.test(value);
}

/**
 * Header names and values in turn. Everything is checked here because undici's Pool counts a client as busy for ever
 * once it was handed a call that cannot be sent.
 * @throws UpstreamError `invalid`
 */
export function requestHead(call: UpstreamCall): string[] {
  if (!call.path.startsWith("/") || badPath.test(call.path)) throw new UpstreamError("invalid");
  const head = ["accept-encoding", "identity"];
  for (const name of Object.keys(call.headers)) {
    const value = call.headers[name] as string;
    if (!isSettableHeader(name, value)) throw new UpstreamError("invalid");
    head.push(name, value);
  }
  return head;
}

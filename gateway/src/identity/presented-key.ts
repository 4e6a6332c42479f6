import { isKeyShaped } from "./key-format.ts";

/** Request headers as node:http gives them, names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The key that a request carries, undefined where it carries none: `authorization: Bearer` (OpenAI), `x-api-key`
 * (Anthropic) or `api-key` (Azure). Clients may send several, one of them for somebody else: the first that looks like one of
 * ours counts, else the first.
 */
export function presentedKey(headers: RequestHeaders): string | undefined {
  const presented = [bearer(headers["authorization"]), headers["x-api-key"], headers["api-key"]].filter(
    (value): value is string => typeof value === "string" && value !== "",
  );
  return presented.find(isKeyShaped) ?? presented[0];
}

function bearer(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  // RFC 9110 section 11.1: the scheme's name is case-insensitive.
  return header.slice(0, 7).toLowerCase() === "bearer " ? header.slice(7).trim() : undefined;
}

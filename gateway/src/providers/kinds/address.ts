import type { Target } from "../provider.ts";

/** An origin and the path that every path of an API starts with, without a slash at its end. */
export interface Address {
  readonly origin: string;
  readonly prefix: string;
}

/**
 * @param suffixes endings that people write or leave out (`/v1`), longest first; the first that fits is cut off.
 * @throws TypeError where `baseUrl` is not a URL
 */
export function parseAddress(baseUrl: string, suffixes: readonly string[] = []): Address {
  const url = new URL(baseUrl);
  let prefix = withoutSlash(url.pathname);
  const suffix = suffixes.find((each) => prefix.endsWith(each));
  if (suffix !== undefined) prefix = withoutSlash(prefix.slice(0, prefix.length - suffix.length));
  return { origin: url.origin, prefix };
}

export function at(address: Address, path: string): Target {
  return { origin: address.origin, path: address.prefix + path };
}

function withoutSlash(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}

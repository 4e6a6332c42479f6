import type { IncomingMessage, ServerResponse } from "node:http";
import type { Site } from "./site.ts";

/** One request on its way to an endpoint. */
export class Visit {
  readonly site: Site;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What stood in the path's variable part, decoded. */
  readonly name: string;
  readonly #search: string;
  #id: string | undefined;

  constructor(site: Site, request: IncomingMessage, response: ServerResponse, name: string, search: string) {
    this.site = site;
    this.request = request;
    this.response = response;
    this.name = name;
    this.#search = search;
  }

  /** Request id, for answers that are not calls. */
  get id(): string {
    this.#id ??= `req_${this.site.house.token(24)}`;
    return this.#id;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#search);
  }
}

/** Throws Faults, or rejects with them. */
export type Endpoint = (visit: Visit) => void | Promise<void>;

/** Methods of one path. */
export type Methods = Readonly<Record<string, Endpoint>>;

export interface Route {
  /** Exact path, or a prefix that ends with "/" where `suffix` or a name follows. */
  readonly path: string;
  /** What follows the name. */
  readonly suffix?: string;
  readonly methods: Methods;
}

export interface Match {
  readonly methods: Methods;
  readonly name: string;
}

/** Finds endpoints by path: exact ones by one lookup, those with a name in them by the longest prefix and suffix. */
export class Router {
  readonly #exact = new Map<string, Methods>();
  readonly #named: readonly Route[];

  constructor(routes: readonly Route[]) {
    for (const route of routes) if (!route.path.endsWith("/")) this.#exact.set(route.path, route.methods);
    this.#named = routes
      .filter((route) => route.path.endsWith("/"))
      .sort((a, b) => b.path.length + (b.suffix?.length ?? 0) - a.path.length - (a.suffix?.length ?? 0));
  }

  find(path: string): Match | undefined {
    const methods = this.#exact.get(path);
    if (methods !== undefined) return { methods, name: "" };
    for (const route of this.#named) {
      const suffix = route.suffix ?? "";
      if (!path.startsWith(route.path) || !path.endsWith(suffix)) continue;
      const raw = path.slice(route.path.length, path.length - suffix.length);
      if (raw === "" && route.path !== "/admin/") continue;
      const name = decoded(raw);
      if (name !== undefined) return { methods: route.methods, name };
    }
    return undefined;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

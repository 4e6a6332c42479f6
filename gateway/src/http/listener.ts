import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ChatDialect } from "../core/dialect.ts";
import { Fault } from "../core/fault.ts";
import { asFault } from "../relay/as-fault.ts";
import { isAnthropicClient } from "./anthropic-client.ts";
import { answerFault } from "./json-answer.ts";
import { routeTable } from "./route-table.ts";
import { type Endpoint, type Match, Router, Visit } from "./router.ts";
import type { Site } from "./site.ts";

/** Milliseconds; longer than the idle time of common load balancers, so that they close first. */
const keepAliveTimeout = 75_000;
const checkingInterval = 1_000;

export interface ListenerSettings {
  /** Milliseconds for a client to send its headers. */
  readonly headers: number;
  /** Milliseconds for a client to send its whole request. */
  readonly request: number;
  readonly onError: (id: string, error: unknown) => void;
}

/** The data path: raw node:http, a table of paths, errors in the dialect of the path. Not yet listening. */
export function createListener(site: Site, settings: ListenerSettings): Server {
  const router = new Router(routeTable);
  const server = createServer({
    headersTimeout: settings.headers,
    requestTimeout: settings.request,
    keepAliveTimeout,
    connectionsCheckingInterval: checkingInterval,
    maxHeaderSize: 32 * 1024,
  });
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const target = request.url ?? "/";
    const mark = target.indexOf("?");
    const path = mark === -1 ? target : target.slice(0, mark);
    const match = router.find(path);
    const search = mark === -1 ? "" : target.slice(mark + 1);
    const visit = new Visit(site, request, response, match?.name ?? "", search);
    Promise.try(answer, visit, match).catch((error: unknown) => {
      const fault = asFault(error);
      if (fault.code === "internal") settings.onError(visit.id, fault.cause);
      if (response.headersSent) response.destroy();
      else answerFault(response, dialectOf(path, request, site), visit.id, fault);
    });
  };

  server.on("request", onRequest);
  // The body of a request that is refused by its headers is never sent.
  server.on("checkContinue", (request, response) => {
    request.on("newListener", (event) => {
      if (event === "data" && !response.headersSent) response.writeContinue();
    });
    onRequest(request, response);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const status =
      error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? "408 Request Timeout"
          : "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  return server;
}

/** Not `async`: thousands of streams wait here, each with the frame of every function that awaits it. */
function answer(visit: Visit, match: Match | undefined): ReturnType<Endpoint> {
  if (match === undefined) throw new Fault("not_found");
  return endpointOf(match, visit.request.method ?? "GET", visit.response)(visit);
}

function endpointOf({ methods }: Match, method: string, response: ServerResponse) {
  const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (endpoint !== undefined) return endpoint;
  const allowed = Object.keys(methods).join(", ");
  response.setHeader("allow", allowed);
  throw new Fault("method_not_allowed", { detail: `It takes ${allowed}.` });
}

/** Paths that no dialect owns answer errors as the caller's other answers look, else in the most common shape. */
function dialectOf(path: string, request: IncomingMessage, { house }: Site): ChatDialect {
  const id = speaksAnthropic(path, request) ? "anthropic-messages" : "openai-chat";
  return house.dialects[id];
}

function speaksAnthropic(path: string, { headers }: IncomingMessage): boolean {
  return path.startsWith("/v1/messages") || (path.startsWith("/v1/models") && isAnthropicClient(headers));
}

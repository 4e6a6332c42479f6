import type { ServerResponse } from "node:http";
import type { ChatDialect } from "../core/dialect.ts";
import { errors } from "../core/errors.ts";
import type { Fault } from "../core/fault.ts";

/** Answers with JSON and the request's id. */
export function answerJson(response: ServerResponse, status: number, id: string, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "entente-request-id": id,
    // The vendors' SDKs show these: OpenAI's the first, Anthropic's the second.
    "x-request-id": id,
    "request-id": id,
  });
  response.end(text);
}

/** Answers with an error in a dialect's shape. */
export function answerFault(response: ServerResponse, dialect: ChatDialect, id: string, fault: Fault): void {
  if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
  if (!response.req.complete) response.setHeader("connection", "close");
  answerJson(response, errors[fault.code].status, id, dialect.error.encode(fault, id));
}

import { errors } from "../core/errors.ts";
import type { Fault } from "../core/fault.ts";
import { answerHeaders } from "./answer-headers.ts";
import type { Turn } from "./answering.ts";
import type { Call } from "./call.ts";

/** Answers with an error in the caller's own dialect. */
export function refuse(call: Call, fault: Fault, turn?: Turn): void {
  const { client, dialect } = call.arrival;
  if (client.closed) return;
  const body = JSON.stringify(dialect.error.encode(fault, call.id));
  const way = {
    attempts: turn?.attempts ?? 0,
    losses: [],
    ...(turn === undefined ? {} : { channel: turn.channel }),
  };
  const headers = answerHeaders(call, way, "application/json", Buffer.byteLength(body));
  const retry = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  client.head(errors[fault.code].status, { ...headers, ...retry });
  client.end(body);
}

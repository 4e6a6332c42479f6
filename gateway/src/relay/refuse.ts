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
  client.head(errors[fault.code].status, {
    ...answerHeaders(call, {
      attempts: turn?.attempts ?? 0,
      losses: [],
      ...(turn === undefined ? {} : { channel: turn.channel }),
    }),
    ...(fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) }),
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
  });
  client.end(body);
}

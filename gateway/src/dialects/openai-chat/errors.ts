import type { Frame } from "../../core/dialect.ts";
import type { Fault } from "../../core/fault.ts";
import { openaiErrorBody } from "../openai-error.ts";

/** A stream that has begun ends in an error body as its last chunk, and without `[DONE]`. */
export function errorFrame(fault: Fault, requestId: string): Frame {
  return { data: JSON.stringify(openaiErrorBody(fault, requestId)) };
}

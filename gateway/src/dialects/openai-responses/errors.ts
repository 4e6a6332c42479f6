import type { Frame } from "../../core/dialect.ts";
import type { Fault } from "../../core/fault.ts";
import { openaiError } from "../openai-error.ts";

/**
 * The `error` event. What it ends was numbered by whoever wrote it, so its own number says only that it is one: -1
 * stands before no event and is never waited for.
 */
export function errorFrame(fault: Fault, requestId: string): Frame {
  const { message, param, code } = openaiError(fault, requestId);
  const data = {
    type: "error",
    sequence_number: -1,
    code: code ?? null,
    message: message ?? "",
    param: param ?? null,
  };
  return { event: "error", data: JSON.stringify(data) };
}

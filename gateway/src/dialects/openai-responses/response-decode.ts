import { Fault } from "../../core/fault.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Part } from "../../core/part.ts";
import type { ChatResponse } from "../../core/response.ts";
import { openaiFailure } from "../openai-error.ts";
import { Reader } from "../reader.ts";
import { decodeAssistantItem } from "./assistant-decode.ts";
import { decodeFinish, kindsOf } from "./finish.ts";
import { echoedFields } from "./response-shell.ts";
import { decodeUsage } from "./usage.ts";

const self = "openai-responses";

/**
 * A whole response object. https://platform.openai.com/docs/api-reference/responses/object
 *
 * @throws Fault `provider_bad_answer`, also where the status is not that of an answer (`failed`, `in_progress`).
 */
export function decodeResponse(json: JsonObject): ChatResponse {
  const response = Reader.answer(json);
  const output = response.items("output");
  refuseUnfinished(response);
  const parts: Part[] = [];
  for (const [position, item] of output.entries())
    for (const part of decodeAssistantItem(item, position)) parts.push(part);
  const id = response.optionalString("id") ?? "";
  const model = response.optionalString("model") ?? "";
  const created = response.optionalInteger("created_at");
  const finish = decodeFinish(response, kindsOf(parts));
  const report = response.optionalObject("usage");
  const usage = report === undefined ? undefined : decodeUsage(report);
  const serviceTier = response.optionalString("service_tier");
  const extra = responseExtra(response);
  return {
    id,
    model,
    ...(created === undefined ? {} : { created }),
    choices: [{ index: 0, parts, finish }],
    ...(usage === undefined ? {} : { usage }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** What a response object tells beside the known; everything known must have been taken before. */
export function responseExtra(response: Reader) {
  for (const key of echoedFields) response.take(key);
  return response.rest(self);
}

function refuseUnfinished(response: Reader): void {
  const error = response.optionalJson("error");
  const status = response.peek("status");
  if (status === "failed" || error !== undefined) {
    const failure = openaiFailure(undefined, error);
    throw new Fault("provider_bad_answer", {
      detail: "The response failed.",
      ...(failure.vendorCode === undefined ? {} : { vendorCode: failure.vendorCode }),
      cause: failure.message,
    });
  }
  if (status === "cancelled" || status === "in_progress" || status === "queued")
    throw new Fault("provider_bad_answer", { detail: `The provider's response is ${status}.` });
}

import type { Extra } from "../../core/extra.ts";
import type { JsonObject } from "../../core/json.ts";
import type { ChatResponse } from "../../core/response.ts";
import { Reader } from "../reader.ts";
import { decodeAnswerBlock } from "./block-decode.ts";
import { decodeFinish } from "./finish.ts";
import { origin } from "./origin.ts";
import { decodeUsage } from "./usage.ts";

/** Fields of a message that tell of its end; in a stream they come with the stop reason. */
export const finishFields: readonly string[] = ["container", "stop_details"];

/** @throws Fault `provider_bad_answer` where there is no `content`. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const reader = Reader.answer(body);
  const parts = reader.items("content").map(decodeAnswerBlock);
  const finish = decodeFinish(
    reader.optionalString("stop_reason"),
    reader.optionalString("stop_sequence"),
    parts.some((part) => part.type === "tool_call"),
  );
  const { usage, serviceTier } = decodeUsage(reader.optionalJson("usage"));
  const id = reader.optionalString("id") ?? "";
  const model = reader.optionalString("model") ?? "";
  for (const key of ["type", "role"]) reader.take(key);
  const [choiceExtra, extra] = split(reader.rest(origin));
  return {
    id,
    model,
    choices: [{ index: 0, parts, finish, ...(choiceExtra === undefined ? {} : { extra: choiceExtra }) }],
    ...(usage === undefined ? {} : { usage }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function split(extra: Extra | undefined): readonly [Extra | undefined, Extra | undefined] {
  const entries = Object.entries(extra?.fields ?? {});
  const some = (ofFinish: boolean): Extra | undefined => {
    const fields = entries.filter(([key]) => finishFields.includes(key) === ofFinish);
    return fields.length === 0 ? undefined : { dialect: origin, fields: Object.fromEntries(fields) };
  };
  return [some(true), some(false)];
}

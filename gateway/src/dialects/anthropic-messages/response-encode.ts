import type { AnswerContext } from "../../core/dialect.ts";
import type { Extra } from "../../core/extra.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Encoded, Losses } from "../../core/loss.ts";
import type { ChatResponse } from "../../core/response.ts";
import { extraFields } from "../extra.ts";
import { encodeAnswerBlock } from "./block-encode.ts";
import { encodeFinish } from "./finish.ts";
import { origin } from "./origin.ts";
import { finishFields } from "./response-decode.ts";
import { encodeUsage, loseHalfUsage } from "./usage.ts";

/** Fields that the API's own type requires and that may be null. */
export const nullFields: JsonObject = { container: null, diagnostics: null, stop_details: null };

/** The first choice as a message: Anthropic gives one. When it was made cannot be said, and is not counted a loss. */
export function encodeResponse(response: ChatResponse, context: AnswerContext): Encoded<JsonObject> {
  const losses = new Losses();
  const [choice, ...others] = response.choices;
  for (const index of others.keys()) losses.add(`choices[${index + 1}]`);
  const parts = choice?.parts ?? [];
  const content: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const block = encodeAnswerBlock(part, losses, `choices[0].parts[${index}]`);
    if (block !== undefined) content.push(block);
  }
  loseHalfUsage(response.usage, losses);
  const refused = parts.some((part) => part.type === "refusal");
  const body: JsonObject = {
    ...nullFields,
    ...extraFields(response.extra, origin, losses, ""),
    ...finishExtra(choice?.extra, losses),
    id: messageId(response.id, context),
    type: "message",
    role: "assistant",
    model: response.model,
    content,
    ...encodeFinish(choice?.finish ?? { reason: "stop" }, refused, losses, "choices[0]"),
    usage: encodeUsage(response.usage, response.serviceTier, losses),
  };
  return { body, losses: losses.fields };
}

/** Only what tells of the end has a place: the rest of a choice is the message itself. */
function finishExtra(extra: Extra | undefined, losses: Losses): JsonObject {
  const fields = Object.entries(extraFields(extra, origin, losses, "choices[0].") ?? {});
  for (const [key] of fields) if (!finishFields.includes(key)) losses.add(`choices[0].extra.${key}`);
  return Object.fromEntries(fields.filter(([key]) => finishFields.includes(key)));
}

/** The provider's id, or one of our own where it gave none. */
export function messageId(id: string, context: AnswerContext): string {
  return id === "" ? `msg_${context.token}` : id;
}

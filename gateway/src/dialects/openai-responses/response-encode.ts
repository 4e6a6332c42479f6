import type { AnswerContext } from "../../core/dialect.ts";
import type { Extra } from "../../core/extra.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Encoded, Losses } from "../../core/loss.ts";
import type { ChatResponse } from "../../core/response.ts";
import type { Usage } from "../../core/usage.ts";
import { extraFields } from "../extra.ts";
import { answerStyle } from "./answer-style.ts";
import { encodeAssistantItems } from "./assistant-encode.ts";
import { encodeFinish, kindsOf } from "./finish.ts";
import { requestEcho } from "./response-shell.ts";
import { encodeUsage } from "./usage.ts";

const self = "openai-responses";
const serviceTiers: readonly string[] = ["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"];

/** What a response says of itself, whole or streamed. */
export interface ResponseHead {
  readonly id: string;
  readonly model: string;
  readonly created?: number;
  readonly serviceTier?: string;
  readonly usage?: Usage;
  readonly extra?: Extra;
}

/**
 * The id that the client continues from. Other vendors' ids are not unique enough to store answers by (one engine
 * draws them from a thousand), so an answer of theirs gets one of ours; the field then names no other thing than
 * before, and leaving theirs out is no loss.
 */
export function responseId(id: string, token: string): string {
  return id.startsWith("resp_") ? id : `resp_${token}`;
}

/** All of a response object but `status`, `incomplete_details`, `error` and `output`. */
export function encodeHead(head: ResponseHead, context: AnswerContext, losses: Losses): JsonObject {
  const { serviceTier } = head;
  const usage = head.usage === undefined ? undefined : encodeUsage(head.usage, losses);
  const tier = serviceTier !== undefined && serviceTiers.includes(serviceTier) ? serviceTier : undefined;
  if (tier !== serviceTier) losses.add("serviceTier");
  return {
    ...extraFields(head.extra, self, losses, ""),
    ...requestEcho(context),
    id: responseId(head.id, context.token),
    object: "response",
    created_at: head.created ?? context.now,
    model: head.model,
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...(usage === undefined ? {} : { usage }),
  };
}

export function encodeResponse(response: ChatResponse, context: AnswerContext): Encoded<JsonObject> {
  const losses = new Losses();
  const [choice, ...others] = response.choices;
  for (let index = 1; index <= others.length; index += 1) losses.add(`choices[${index}]`);
  const parts = choice?.parts ?? [];
  const output = encodeAssistantItems(parts, "choices[0].parts", losses, answerStyle(context.token));
  for (const key of Object.keys(choice?.extra?.fields ?? {})) losses.add(`choices[0].extra.${key}`);
  const finish = encodeFinish(
    choice?.finish ?? { reason: "other" },
    kindsOf(parts),
    losses,
    "choices[0].finish",
  );
  return {
    body: { ...encodeHead(response, context, losses), ...finish, error: null, output },
    losses: losses.fields,
  };
}

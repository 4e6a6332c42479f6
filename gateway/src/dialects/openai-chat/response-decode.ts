import type { JsonObject } from "../../core/json.ts";
import type { Citation, Part, ReasoningPart, TextPart } from "../../core/part.ts";
import type { ChatResponse, Choice } from "../../core/response.ts";
import { Reader } from "../reader.ts";
import { decodeAnnotation } from "./annotations.ts";
import { decodeFinish, hasRefusal } from "./finish.ts";
import { id } from "./id.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { nestedRest } from "./nested-extra.ts";
import { decodeReasoning } from "./reasoning-details.ts";
import { argumentsText, decodeToolCall } from "./tool-calls.ts";
import { decodeUsage } from "./usage.ts";

/** Mistral gives content as an array in which the thinking stands, too. */
export function decodeContentItem(item: Reader): Part | undefined {
  if (item.peek("type") === "text") {
    const text = item.optionalString("text") ?? "";
    return text === "" ? undefined : { type: "text", text };
  }
  if (item.peek("type") === "thinking") {
    const plain = item.optionalString("thinking");
    const pieces = item.optionalItems("thinking") ?? [];
    const text = plain ?? pieces.map((piece) => piece.optionalString("text") ?? "").join("");
    return text === "" ? undefined : ({ type: "reasoning", text } satisfies ReasoningPart);
  }
  return { type: "vendor", origin: id, value: { type: "content_part", content_part: item.verbatim() } };
}

function decodeContent(message: Reader): Part[] {
  const content = message.peek("content");
  if (typeof content === "string") {
    message.take("content");
    return content === "" ? [] : [{ type: "text", text: content }];
  }
  const items = message.optionalItems("content") ?? [];
  return items.map(decodeContentItem).filter((part) => part !== undefined);
}

function withNotes(
  part: TextPart,
  citations: readonly Citation[],
  logprobs: TextPart["logprobs"] | undefined,
): TextPart {
  return {
    ...part,
    ...(citations.length === 0 ? {} : { citations }),
    ...(logprobs === undefined ? {} : { logprobs }),
  };
}

function decodeParts(message: Reader, logprobs: Reader | undefined): Part[] {
  const parts: Part[] = decodeReasoning(message);
  const citations = (message.optionalItems("annotations") ?? []).map(decodeAnnotation);
  const content = decodeContent(message);
  const contentLogprobs = decodeLogprobs(logprobs, "content");
  let noted = false;
  for (const part of content) {
    if (part.type !== "text" || noted) {
      parts.push(part);
      continue;
    }
    noted = true;
    parts.push(withNotes(part, citations, contentLogprobs));
  }
  if (!noted && (citations.length > 0 || contentLogprobs !== undefined)) {
    parts.push(withNotes({ type: "text", text: "" }, citations, contentLogprobs));
  }
  const refusal = message.optionalString("refusal") ?? "";
  const refusalLogprobs = decodeLogprobs(logprobs, "refusal");
  if (refusal !== "" || refusalLogprobs !== undefined) {
    parts.push({
      type: "refusal",
      text: refusal,
      ...(refusalLogprobs === undefined ? {} : { logprobs: refusalLogprobs }),
    });
  }
  const calls = message.optionalItems("tool_calls") ?? [];
  for (const [position, call] of calls.entries()) parts.push(decodeToolCall(call, `call_${position}`));
  const legacy = message.optionalObject("function_call");
  if (legacy !== undefined) {
    parts.push({
      type: "tool_call",
      id: `call_${calls.length}`,
      name: legacy.optionalString("name") ?? "",
      arguments: argumentsText(legacy.take("arguments")),
    });
  }
  const audio = message.optionalJson("audio");
  if (audio !== undefined) parts.push({ type: "vendor", origin: id, value: { type: "audio", audio } });
  return parts;
}

function decodeChoice(choice: Reader, position: number): Choice {
  const index = choice.optionalInteger("index") ?? position;
  const message = choice.optionalObject("message");
  const logprobs = choice.optionalObject("logprobs");
  if (message === undefined) throw choice.fault("message", "Expected an object.");
  message.take("role");
  const parts = decodeParts(message, logprobs);
  const finish = decodeFinish(choice, hasRefusal(parts));
  const extra = nestedRest(choice, "message", message);
  return {
    index,
    parts,
    finish: finish ?? { reason: "other" },
    ...(extra === undefined ? {} : { extra }),
  };
}

/** @throws Fault `provider_bad_answer` */
export function decodeResponse(body: JsonObject): ChatResponse {
  const answer = Reader.answer(body);
  const choices = answer.items("choices").map(decodeChoice);
  answer.take("object");
  const created = answer.optionalInteger("created");
  const serviceTier = answer.optionalString("service_tier");
  const usage = answer.optionalObject("usage");
  const answerId = answer.optionalString("id") ?? "";
  const model = answer.optionalString("model") ?? "";
  const extra = answer.rest(id);
  return {
    id: answerId,
    model,
    ...(created === undefined ? {} : { created }),
    choices,
    ...(usage === undefined ? {} : { usage: decodeUsage(usage) }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(extra === undefined ? {} : { extra }),
  };
}

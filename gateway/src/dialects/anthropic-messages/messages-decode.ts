import type { Part } from "../../core/part.ts";
import type { Message } from "../../core/request.ts";
import type { Reader } from "../reader.ts";
import { decodeRequestBlock } from "./block-decode.ts";
import { origin } from "./origin.ts";

/** The conversation in normal form: the system prompt leads, tool results stand in messages of their own. */
export function decodeMessages(body: Reader): Message[] {
  const messages: Message[] = [];
  const system = body.has("system") ? contentParts(body, "system") : [];
  if (system.length > 0) messages.push({ role: "system", parts: system.map(({ part }) => part) });
  for (const message of body.items("messages")) decodeMessage(message, messages);
  return messages;
}

function decodeMessage(message: Reader, messages: Message[]): void {
  const role = message.oneOf("role", ["user", "assistant", "system"]);
  const content = contentParts(message, "content");
  const extra = message.rest(origin);
  const isResult = ({ type }: TypedPart) => role === "user" && type === "tool_result";
  const results = content.filter(isResult).map(({ part }) => part);
  const parts = content.filter((item) => !isResult(item)).map(({ part }) => part);
  const extraField = extra === undefined ? {} : { extra };
  if (results.length > 0) addResults(results, parts.length === 0 ? extraField : {}, messages);
  if (parts.length > 0) messages.push({ role, parts, ...extraField });
}

/** All results that answer one assistant turn are one message, however the caller has split them. */
function addResults(results: Part[], extra: Pick<Message, "extra">, messages: Message[]): void {
  const last = messages.at(-1);
  if (last?.role === "tool" && last.extra === undefined && extra.extra === undefined) {
    messages[messages.length - 1] = { role: "tool", parts: [...last.parts, ...results] };
  } else {
    messages.push({ role: "tool", parts: results, ...extra });
  }
}

interface TypedPart {
  /** The block's own word for its kind. */
  readonly type: string;
  readonly part: Part;
}

/** A string is short for one block of text; an empty system prompt or message has no parts. */
function contentParts(holder: Reader, key: "system" | "content"): TypedPart[] {
  const content = holder.peek(key);
  if (typeof content === "string") {
    holder.take(key);
    return content === "" ? [] : [{ type: "text", part: { type: "text", text: content } }];
  }
  return holder.items(key).map((block) => {
    const part = decodeRequestBlock(block);
    return { type: block.string("type"), part };
  });
}

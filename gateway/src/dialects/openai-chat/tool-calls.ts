import type { Json, JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ToolCallPart, VendorPart } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import type { Reader } from "../reader.ts";
import { id } from "./id.ts";
import { nestedRest, unnest } from "./nested-extra.ts";

/** Arguments as JSON text; some vendors send them parsed. */
export function argumentsText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `type` is often left out by vendors; function calls are what they then mean. */
export function callKind(call: Reader): "function" | "custom" | "vendor" {
  const type = call.peek("type");
  if (type === undefined || type === "" || type === "function") return "function";
  return type === "custom" ? "custom" : "vendor";
}

/** One of `tool_calls`. @param fallbackId for vendors that send none; undefined: it is required. */
export function decodeToolCall(call: Reader, fallbackId: string | undefined): ToolCallPart | VendorPart {
  const kind = callKind(call);
  if (kind === "vendor") return { type: "vendor", origin: id, value: call.verbatim() };
  call.take("type");
  call.take("index");
  const strict = fallbackId === undefined;
  const callId = strict ? call.string("id") : call.optionalString("id") || fallbackId;
  const inner = strict ? call.object(kind) : call.optionalObject(kind);
  const name = (strict ? inner?.string("name") : inner?.optionalString("name")) ?? "";
  const field = kind === "custom" ? "input" : "arguments";
  const text = strict ? (inner?.string(field) ?? "") : argumentsText(inner?.take(field));
  const extra = nestedRest(call, kind, inner);
  return {
    type: "tool_call",
    id: callId,
    name,
    arguments: text,
    ...(kind === "custom" ? { custom: true } : {}),
    ...(extra === undefined ? {} : { extra }),
  };
}

export function encodeToolCall(part: ToolCallPart, losses: Losses, path: string): JsonObject {
  const kind = part.custom === true ? "custom" : "function";
  if (part.cache !== undefined) losses.add(`${path}.cache`);
  const { outer, inner } = unnest(extraFields(part.extra, id, losses, `${path}.`), kind);
  return {
    ...outer,
    id: part.id,
    type: kind,
    [kind]: {
      ...inner,
      name: part.name,
      [kind === "custom" ? "input" : "arguments"]: part.arguments,
    },
  };
}

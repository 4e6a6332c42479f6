import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { unwrapSignature } from "../dialects/foreign-signature.ts";

const encrypted = "reasoning.encrypted_content";
const labelled: readonly Json[] = ["message", "function_call", "custom_tool_call"];

/**
 * A body as a provider of the Responses API may have it: conversations and background runs are kept by us, so it
 * stores nothing and continues from nothing.
 *
 * @param options.reasons whether the model may reason. Where it may and the call shows that it does, its reasoning is
 * asked for sealed, for the next turn; where it does not, that would be refused, and so would earlier reasoning.
 */
export function forUpstream(body: JsonObject, options: { readonly reasons: boolean }): JsonObject {
  const { previous_response_id: _previous, background: _background, ...rest } = body;
  const input = Array.isArray(rest["input"]) ? sayableInput(rest["input"], options.reasons) : rest["input"];
  const include = includeOf(rest, input, options.reasons);
  const { include: _include, ...others } = rest;
  return {
    ...others,
    store: false,
    ...(input === undefined ? {} : { input }),
    ...(include.length === 0 ? {} : { include }),
  };
}

/** Reasoning that the provider did not seal itself is not known there. */
function isOwnReasoning(item: JsonObject): boolean {
  const seal = item["encrypted_content"];
  return typeof seal === "string" && unwrapSignature(seal) === undefined;
}

function sayableInput(items: readonly Json[], reasons: boolean): Json[] {
  const kept: Json[] = [];
  for (const item of items) {
    const isReasoning = isJsonObject(item) && item["type"] === "reasoning";
    if (!isReasoning || (reasons && isOwnReasoning(item))) kept.push(item);
  }
  // A label ties an item to the reasoning it came with, which the provider would then miss.
  return kept.length === items.length ? kept : kept.map(withoutLabel);
}

function withoutLabel(item: Json): Json {
  if (!isJsonObject(item) || !labelled.includes(item["type"] ?? "message")) return item;
  if (item["type"] === undefined && item["role"] === undefined) return item;
  const { id: _id, ...rest } = item;
  return rest;
}

function includeOf(body: JsonObject, input: Json | undefined, reasons: boolean): Json[] {
  const asked = Array.isArray(body["include"]) ? body["include"] : [];
  if (!reasons) return asked.filter((word) => word !== encrypted);
  if (asked.includes(encrypted) || !showsReasoning(body, input)) return asked;
  return [...asked, encrypted];
}

function showsReasoning(body: JsonObject, input: Json | undefined): boolean {
  const reasoning = body["reasoning"];
  if (isJsonObject(reasoning)) return reasoning["effort"] !== "none";
  return Array.isArray(input) && input.some((item) => isJsonObject(item) && item["type"] === "reasoning");
}

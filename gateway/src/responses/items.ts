import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";

/** The `input` of a body as items: text is a message of the user. */
export function inputItemsOf(body: JsonObject): JsonObject[] {
  const input = body["input"];
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return Array.isArray(input) ? input.filter(isJsonObject) : [];
}

export function outputItemsOf(response: JsonObject): JsonObject[] {
  const output = response["output"];
  return Array.isArray(output) ? output.filter(isJsonObject) : [];
}

/** The id that an item refers to; undefined where it is not a reference. Its `type` may be left out. */
export function referenceOf(item: JsonObject): string | undefined {
  const type = item["type"] ?? undefined;
  const isReference = type === "item_reference" || (type === undefined && item["role"] === undefined);
  const id = item["id"];
  return isReference && typeof id === "string" ? id : undefined;
}

const prefixes: ReadonlyMap<Json | undefined, string> = new Map<Json | undefined, string>([
  ["message", "msg"],
  ["reasoning", "rs"],
  ["function_call", "fc"],
  ["function_call_output", "fco"],
  ["custom_tool_call", "ctc"],
  ["custom_tool_call_output", "ctco"],
]);

/**
 * An item as it is listed: with an id, and content as a list.
 *
 * @param place tells items of one list apart; the same item always gets the same id.
 */
export function listedItem(item: JsonObject, place: string): JsonObject {
  const type = item["type"] ?? "message";
  const id = typeof item["id"] === "string" ? item["id"] : `${prefixes.get(type) ?? "item"}_${place}`;
  if (type !== "message") return { ...item, id };
  const { content } = item;
  if (typeof content !== "string") return { ...item, type, id, status: item["status"] ?? "completed" };
  const piece: JsonObject =
    item["role"] === "assistant"
      ? { type: "output_text", text: content, annotations: [], logprobs: [] }
      : { type: "input_text", text: content };
  return { ...item, type, id, status: item["status"] ?? "completed", content: [piece] };
}

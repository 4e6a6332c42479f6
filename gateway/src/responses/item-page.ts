import { Fault } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";

/** Query of GET /responses/{id}/input_items. What `include` names is always there. */
export interface ItemQuery {
  /** Id of the last item of the page before. */
  readonly after?: string;
  /** 1 to 100; 20 where absent. */
  readonly limit?: number;
  /** By time; newest first where absent. */
  readonly order?: "asc" | "desc";
}

/**
 * One page of a list, in OpenAI's shape.
 *
 * @param items oldest first, each with an id.
 * @throws Fault `invalid_request`
 */
export function itemPage(items: readonly JsonObject[], query: ItemQuery): JsonObject {
  const limit = query.limit ?? 20;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100)
    throw new Fault("invalid_request", { param: "limit", detail: "Expected a whole number from 1 to 100." });
  const ordered = query.order === "asc" ? [...items] : items.toReversed();
  const from = query.after === undefined ? 0 : ordered.findIndex(({ id }) => id === query.after) + 1;
  if (query.after !== undefined && from === 0)
    throw new Fault("invalid_request", { param: "after", detail: "No item of this response has that id." });
  const data = ordered.slice(from, from + limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.["id"] ?? "",
    last_id: data.at(-1)?.["id"] ?? "",
    has_more: from + limit < ordered.length,
  };
}

import { Fault } from "../../core/fault.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Principal } from "../../core/principal.ts";
import type { ItemQuery } from "../../responses/item-page.ts";
import { answerJson } from "../json-answer.ts";
import type { Endpoint, Visit } from "../router.ts";

type Action = (visit: Visit, principal: Principal) => Promise<JsonObject>;

function on(action: Action): Endpoint {
  return async (visit) => {
    const principal = visit.site.house.identify(visit.request.headers);
    answerJson(visit.response, 200, visit.id, await action(visit, principal));
  };
}

/** GET /v1/responses/{id} */
export const getResponse = on(
  async ({ site, name }, principal) =>
    site.background.get(principal, name) ?? (await site.conversations.get(principal, name)),
);

/** DELETE /v1/responses/{id}; one that still runs is stopped first. */
export const deleteResponse = on(async ({ site, name }, principal) =>
  site.background.forget(principal, name)
    ? { id: name, object: "response", deleted: true }
    : site.conversations.delete(principal, name),
);

/** POST /v1/responses/{id}/cancel */
export const cancelResponse = on(({ site, name }, principal) => site.background.cancel(principal, name));

/** GET /v1/responses/{id}/input_items */
export const listInputItems = on(({ site, name, query }, principal) =>
  site.conversations.inputItems(principal, name, itemQuery(query)),
);

function itemQuery(query: URLSearchParams): ItemQuery {
  const after = query.get("after");
  const limit = query.get("limit");
  const order = query.get("order");
  if (order !== null && order !== "asc" && order !== "desc")
    throw new Fault("invalid_request", { param: "order", detail: "Expected asc or desc." });
  return {
    ...(after === null ? {} : { after }),
    ...(limit === null ? {} : { limit: Number(limit) }),
    ...(order === null ? {} : { order }),
  };
}

import type { JsonObject } from "../../core/json.ts";
import type { Principal } from "../../core/principal.ts";
import { answerJson } from "../json-answer.ts";
import type { Endpoint, Visit } from "../router.ts";

/** Stored answers of the Responses API. Each throws or rejects with a Fault. */
export interface StoredAnswers {
  get(principal: Principal, id: string): Promise<JsonObject>;
  delete(principal: Principal, id: string): Promise<JsonObject>;
  cancel(principal: Principal, id: string): Promise<JsonObject>;
  inputItems(principal: Principal, id: string, query: URLSearchParams): Promise<JsonObject>;
}

type Action = (answers: StoredAnswers, principal: Principal, id: string, visit: Visit) => Promise<JsonObject>;

function on(action: Action): Endpoint {
  return async (visit) => {
    const principal = visit.site.house.identify(visit.request.headers);
    answerJson(visit.response, 200, visit.id, await action(visit.site.answers, principal, visit.name, visit));
  };
}

export const getResponse = on((answers, principal, id) => answers.get(principal, id));
export const deleteResponse = on((answers, principal, id) => answers.delete(principal, id));
export const cancelResponse = on((answers, principal, id) => answers.cancel(principal, id));
export const listInputItems = on((answers, principal, id, { query }) =>
  answers.inputItems(principal, id, query),
);

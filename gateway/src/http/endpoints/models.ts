import type { JsonObject } from "../../core/json.ts";
import { admit, mayUse } from "../../relay/admit.ts";
import type { ListedName } from "../../routing/directory.ts";
import { isAnthropicClient } from "../anthropic-client.ts";
import { answerJson } from "../json-answer.ts";
import type { Endpoint, Visit } from "../router.ts";

const longestPage = 1000;

/** GET /v1/models: what the caller may use, in OpenAI's shape, or in Anthropic's for a client that names its version. */
export const listModels: Endpoint = (visit) => {
  const names = visible(visit);
  const { response, id, query } = visit;
  if (!isAnthropicClient(visit.request.headers)) {
    answerJson(response, 200, id, { object: "list", data: names.map(openaiModel) });
    return;
  }
  const after = names.findIndex(({ name }) => name === query.get("after_id")) + 1;
  const before = names.findIndex(({ name }) => name === query.get("before_id"));
  const limit = Math.min(Math.max(1, Number(query.get("limit") ?? 20) || 20), longestPage);
  const from = before === -1 ? after : Math.max(0, before - limit);
  const page = names.slice(from, before === -1 ? from + limit : before);
  answerJson(response, 200, id, {
    data: page.map(anthropicModel),
    has_more: before === -1 ? from + page.length < names.length : from > 0,
    first_id: page[0]?.name ?? null,
    last_id: page.at(-1)?.name ?? null,
  });
};

/** GET /v1/models/{id} */
export const getModel: Endpoint = (visit) => {
  const { site, name, response, id, request } = visit;
  const { directory } = site.house.plan();
  const { route } = admit(site.house.identify(request.headers), name, directory);
  const channels = route.steps.flatMap((step) =>
    step.channels.flatMap((one) => directory.channels.get(one.channel) ?? []),
  );
  const listed = { name, kind: "model", channels } as const;
  answerJson(
    response,
    200,
    id,
    isAnthropicClient(visit.request.headers) ? anthropicModel(listed) : openaiModel(listed),
  );
};

/** Names of which at least one channel can be paid for. */
function visible({ site, request }: Visit): ListedName[] {
  const principal = site.house.identify(request.headers);
  const { directory } = site.house.plan();
  return directory
    .list()
    .filter(({ channels }) => channels.some(({ price }) => price !== undefined))
    .filter(({ name }) => mayUse(principal, directory.resolve(name), directory))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Neither side knows when a model was made; both shapes require a time. The epoch says so. */
function openaiModel({ name, channels }: ListedName): JsonObject {
  return { id: name, object: "model", created: 0, owned_by: channels[0]?.model.split("/")[0] ?? "entente" };
}

function anthropicModel({ name }: ListedName): JsonObject {
  return { type: "model", id: name, display_name: name, created_at: "1970-01-01T00:00:00Z" };
}

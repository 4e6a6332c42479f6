import { countTokensRequest } from "../../dialects/anthropic-messages/count-tokens.ts";
import { Asked } from "../../relay/asked.ts";
import { countTokens as count } from "../../relay/count-tokens.ts";
import { answerJson } from "../json-answer.ts";
import { NodeClient } from "../node-client.ts";
import { readBody } from "../read-body.ts";
import type { Endpoint } from "../router.ts";

/** POST /v1/messages/count_tokens */
export const countTokens: Endpoint = async ({ site, request, response, id }) => {
  const { house } = site;
  house.identify(request.headers);
  const bytes = await readBody(request, site.bodyLimit());
  const dialect = house.dialects["anthropic-messages"];
  const { body } = new Asked(dialect, bytes);
  const counted = await count({
    house,
    headers: request.headers,
    client: new NodeClient(response, site),
    body,
    request: countTokensRequest(body),
  });
  if (counted.estimated) response.setHeader("entente-estimated", "input_tokens");
  answerJson(response, 200, id, { input_tokens: counted.inputTokens });
};

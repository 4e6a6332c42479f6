import type { ChatDialectId } from "../../core/extra.ts";
import { handle } from "../../relay/handle.ts";
import { NodeClient } from "../node-client.ts";
import { readBody } from "../read-body.ts";
import type { Endpoint } from "../router.ts";

/** A chat call in one dialect. */
export function chat(id: ChatDialectId): Endpoint {
  return ({ site, request, response }) =>
    handle(
      {
        dialect: site.house.dialects[id],
        headers: request.headers,
        readBody: () => readBody(request, site.bodyLimit()),
        client: new NodeClient(response, site),
      },
      site.house,
    );
}

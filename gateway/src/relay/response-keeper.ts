import type { Frame } from "../core/dialect.ts";
import type { JsonObject } from "../core/json.ts";
import type { Principal } from "../core/principal.ts";
import { ResponseFrames } from "../responses/response-frames.ts";
import type { ResponseKeeper } from "./answering.ts";
import type { Call } from "./call.ts";

/**
 * What an answer of the Responses API needs besides being passed on; undefined for other dialects, and where the client
 * wants nothing kept and continues from nothing.
 *
 * @param body as the client sent it.
 */
export function keeperFor(call: Call, principal: Principal, body: JsonObject): ResponseKeeper | undefined {
  if (call.arrival.dialect.id !== "openai-responses") return undefined;
  if (body["store"] === false && body["previous_response_id"] == null) return undefined;
  return new Keeper(call, principal, body);
}

class Keeper implements ResponseKeeper {
  readonly #call: Call;
  readonly #principal: Principal;
  readonly #body: JsonObject;
  readonly #frames: ResponseFrames;

  constructor(call: Call, principal: Principal, body: JsonObject) {
    this.#call = call;
    this.#principal = principal;
    this.#body = body;
    this.#frames = new ResponseFrames(body);
  }

  rewrite(frame: Frame): Frame {
    return this.#frames.rewrite(frame);
  }

  whole(response: JsonObject): JsonObject {
    return this.#frames.whole(response);
  }

  keep(): void {
    const { response } = this.#frames;
    const { house, id } = this.#call;
    if (response === undefined) return;
    house.conversations
      .remember(this.#principal, this.#body, response)
      .catch((error: unknown) => house.onError(id, error));
  }
}

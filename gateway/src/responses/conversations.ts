import { LRUCache } from "lru-cache";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import type { Principal } from "../core/principal.ts";
import type { Store, StoredResponse } from "../storage/port.ts";
import { type ItemQuery, itemPage } from "./item-page.ts";
import { inputItemsOf, listedItem, outputItemsOf, referenceOf } from "./items.ts";

export interface ConversationSettings {
  readonly store: Store["responses"];
  readonly clock: Clock;
  /** Milliseconds that an answer is kept after it was made or last continued from. */
  readonly retention: number;
  /** Most turns of one conversation; 1000 where absent. */
  readonly maximumTurns?: number;
  /** Most characters of one conversation's stored JSON; 64 Mi where absent. */
  readonly maximumSize?: number;
}

/** One turn of a stored conversation. */
interface Turn {
  readonly stored: StoredResponse;
  readonly input: readonly JsonObject[];
  readonly response: JsonObject;
}

/** Ids that items have in this process's memory; older ones are found by their response, where their id names it. */
const rememberedItems = 50_000;

/**
 * Stored conversations of the Responses API, by project. Each answer is stored with the input of its own turn and the
 * id of the turn before: a conversation of n turns takes n rows, and n reads to continue.
 */
export class Conversations {
  readonly #store: Store["responses"];
  readonly #clock: Clock;
  readonly #retention: number;
  readonly #maximumTurns: number;
  readonly #maximumSize: number;
  /** Project and item id -> response id. */
  readonly #items = new LRUCache<string, string>({ max: rememberedItems });

  constructor(settings: ConversationSettings) {
    this.#store = settings.store;
    this.#clock = settings.clock;
    this.#retention = settings.retention;
    this.#maximumTurns = settings.maximumTurns ?? 1000;
    this.#maximumSize = settings.maximumSize ?? 64 * 1024 * 1024;
  }

  /**
   * The body with all that it refers to in its `input`: every turn before `previous_response_id`, oldest first
   * (instructions are not inherited), and items referred to by id. The same object where it refers to nothing.
   *
   * @throws Fault `response_not_found`, `invalid_request`, `body_too_large`
   */
  async expand(principal: Principal, body: JsonObject): Promise<JsonObject> {
    const previous = previousOf(body);
    const own = inputItemsOf(body);
    const refers = own.some((item) => referenceOf(item) !== undefined);
    if (previous === undefined && !refers) return body;
    const input = refers ? await this.#resolve(principal, own) : own;
    const { previous_response_id: _previous, ...rest } = body;
    if (previous === undefined) return { ...rest, input };
    const history = await this.#history(principal, previous);
    return { ...rest, input: [...history, ...input] };
  }

  /** Keeps a finished answer, unless its body says `store: false`. @param body as the client sent it. */
  async remember(principal: Principal, body: JsonObject, response: JsonObject): Promise<void> {
    const { id } = response;
    if (body["store"] === false || typeof id !== "string") return;
    const now = this.#clock.now();
    const previousId = previousOf(body);
    const own = inputItemsOf(body);
    const input = own.some((item) => referenceOf(item) !== undefined)
      ? await this.#resolve(principal, own)
      : own;
    for (const item of outputItemsOf(response)) {
      if (typeof item["id"] === "string") this.#items.set(itemKey(principal, item["id"]), id);
    }
    await this.#store.put({
      id,
      project: principal.project,
      keyId: principal.keyId,
      createdAt: now,
      expiresAt: now + this.#retention,
      ...(previousId === undefined ? {} : { previousId }),
      input: JSON.stringify(input),
      response: JSON.stringify(response),
    });
  }

  /** @throws Fault `response_not_found` */
  async get(principal: Principal, id: string): Promise<JsonObject> {
    const { response } = await this.#turn(principal, id, undefined);
    return response;
  }

  /** @throws Fault `response_not_found` */
  async delete(principal: Principal, id: string): Promise<JsonObject> {
    if (!(await this.#store.delete(principal.project, id))) throw new Fault("response_not_found");
    return { id, object: "response", deleted: true };
  }

  /**
   * A page of all that the answer was made from, earlier turns included, in OpenAI's list shape.
   *
   * @throws Fault `response_not_found`, `invalid_request`, `body_too_large`
   */
  async inputItems(principal: Principal, id: string, query: ItemQuery): Promise<JsonObject> {
    const { stored, input } = await this.#turn(principal, id, undefined);
    const history = stored.previousId === undefined ? [] : await this.#history(principal, stored.previousId);
    const suffix = id.replace(/^resp_/, "");
    const items = [...history, ...input].map((item, index) => listedItem(item, `${suffix}_in_${index}`));
    return itemPage(items, query);
  }

  /** Inputs and outputs of the whole chain that ends with this response. */
  async #history(principal: Principal, id: string): Promise<JsonObject[]> {
    const turns: Turn[] = [];
    const seen = new Set<string>();
    let size = 0;
    for (let next: string | undefined = id; next !== undefined; ) {
      if (turns.length === this.#maximumTurns || seen.has(next))
        throw new Fault("invalid_request", {
          param: "previous_response_id",
          detail: `The conversation has more than ${this.#maximumTurns} turns.`,
        });
      seen.add(next);
      // One read names the next: they cannot be made side by side.
      // oxlint-disable-next-line no-await-in-loop
      const turn = await this.#turn(principal, next, "previous_response_id");
      size += turn.stored.input.length + turn.stored.response.length;
      if (size > this.#maximumSize)
        throw new Fault("body_too_large", {
          param: "previous_response_id",
          detail: "The conversation is too long.",
        });
      turns.push(turn);
      next = turn.stored.previousId;
    }
    await this.#refresh(turns);
    return turns.toReversed().flatMap(({ input, response }) => [...input, ...outputItemsOf(response)]);
  }

  /** What a living conversation is made from must not expire before it. Written once in half a retention at most. */
  async #refresh(turns: readonly Turn[]): Promise<void> {
    const now = this.#clock.now();
    const fading = turns.filter(({ stored }) => stored.expiresAt - now < this.#retention / 2);
    await Promise.all(
      fading.map(({ stored }) => this.#store.put({ ...stored, expiresAt: now + this.#retention })),
    );
  }

  async #turn(principal: Principal, id: string, param: string | undefined): Promise<Turn> {
    const stored = await this.#store.get(principal.project, id, this.#clock.now());
    if (stored === undefined) throw new Fault("response_not_found", param === undefined ? {} : { param });
    return {
      stored,
      input: JSON.parse(stored.input) as JsonObject[],
      response: JSON.parse(stored.response) as JsonObject,
    };
  }

  /** Puts items in place of references to them. */
  async #resolve(principal: Principal, items: readonly JsonObject[]): Promise<JsonObject[]> {
    const responses = new Map<string, Promise<Turn>>();
    const find = async (item: JsonObject, index: number): Promise<JsonObject> => {
      const id = referenceOf(item);
      if (id === undefined) return item;
      const param = `input[${index}].id`;
      const responseId = this.#items.get(itemKey(principal, id)) ?? responseIdIn(id);
      if (responseId === undefined) throw new Fault("response_not_found", { param });
      const turn = responses.get(responseId) ?? this.#turn(principal, responseId, param);
      responses.set(responseId, turn);
      const { response } = await turn;
      const found = outputItemsOf(response).find((output) => output["id"] === id);
      if (found === undefined) throw new Fault("response_not_found", { param });
      return found;
    };
    return Promise.all(items.map(find));
  }
}

function itemKey(principal: Principal, id: string): string {
  return `${principal.project}\n${id}`;
}

/** The response that an item id of ours names: `msg_<token>_<index>` stands in `resp_<token>`. */
function responseIdIn(itemId: string): string | undefined {
  const end = itemId.lastIndexOf("_");
  const begin = itemId.lastIndexOf("_", end - 1);
  return begin <= 0 || end <= begin + 1 ? undefined : `resp_${itemId.slice(begin + 1, end)}`;
}

function previousOf(body: JsonObject): string | undefined {
  const previous = body["previous_response_id"] ?? undefined;
  if (previous === undefined || typeof previous === "string") return previous;
  throw new Fault("invalid_request", { param: "previous_response_id", detail: "Expected a string." });
}

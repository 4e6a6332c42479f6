import type { Channel } from "../core/channel.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { ChatRequest } from "../core/request.ts";
import type { Provider } from "../providers/provider.ts";
import { emptyPlanFault, planCall } from "../routing/plan.ts";
import { admit } from "./admit.ts";
import { Attempt, type Receiver } from "./attempt.ts";
import type { Client } from "./client.ts";
import { estimateTokens } from "./count-text.ts";
import type { House, IncomingHeaders } from "./house.ts";
import { upstreamHeaders } from "./upstream-headers.ts";

/** Milliseconds: a count that takes longer than this is not worth waiting for. */
const longestWait = 10_000;
const maximumAnswer = 64 * 1024;

export interface CountErrand {
  readonly house: House;
  readonly headers: IncomingHeaders;
  readonly client: Client;
  /** As the client sent it. */
  readonly body: JsonObject;
  readonly request: ChatRequest;
}

export interface TokenCount {
  readonly inputTokens: number;
  /** Counted here, because the vendor of the chosen channel counts for nobody or did not answer. */
  readonly estimated: boolean;
}

/** Counts a request's input tokens: by the vendor of the first channel that would serve it, else by an estimate. */
export async function countTokens(errand: CountErrand): Promise<TokenCount> {
  const { house, headers, request } = errand;
  const plan = house.plan();
  const principal = house.identify(headers);
  const resolution = admit(principal, request.model, plan.directory);
  const facts = { operation: "chat", bytes: 0, features: [], headers } as const;
  const context = { channels: plan.directory.channels, now: house.clock.now(), random: house.random };
  const planned = planCall(resolution.route, facts, context);
  const [channel] = planned.candidates;
  if (channel === undefined) throw emptyPlanFault(planned);
  const provider = plan.providers.get(channel.provider);
  const counted = provider === undefined ? undefined : await ask(errand, channel, provider);
  return counted === undefined
    ? { inputTokens: await estimateTokens(request), estimated: true }
    : { inputTokens: counted, estimated: false };
}

/** The vendor's own count; undefined where it has none to give now. */
async function ask(errand: CountErrand, channel: Channel, provider: Provider): Promise<number | undefined> {
  const target = provider.countTokensTarget;
  if (target === undefined) return undefined;
  const { house, headers, client, body } = errand;
  const { deadlines } = house.plan();
  const receiver = new SmallBody();
  const attempt = new Attempt({
    clock: house.clock,
    transport: provider.transport,
    deadlines: { ...deadlines, firstEvent: longestWait },
    remaining: longestWait,
    receiver,
    onMistake: (error) => house.onError("count_tokens", error),
    call: {
      method: "POST",
      ...target,
      headers: upstreamHeaders(headers, provider, await provider.authorize(), false),
      body: JSON.stringify({ ...body, model: channel.upstream }),
      connectTimeout: deadlines.connect,
    },
  });
  client.onClose(() => attempt.cancel());
  const end = await attempt.run();
  const count = end.kind === "complete" ? receiver.body?.["input_tokens"] : undefined;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

class SmallBody implements Receiver {
  readonly proved = false;
  readonly bytesCount = true;
  body: JsonObject | undefined;
  #status = 0;
  #text = "";

  head(status: number): void {
    this.#status = status;
  }

  data(chunk: Uint8Array) {
    this.#text += Buffer.from(chunk).toString("latin1");
    if (this.#text.length <= maximumAnswer) return undefined;
    return { code: "provider_bad_answer", message: "the count is too large" } as const;
  }

  end() {
    try {
      const body: unknown = JSON.parse(this.#text);
      if (this.#status === 200 && isJsonObject(body)) this.body = body;
    } catch {
      // Not a count: the estimate answers.
    }
    return "complete" as const;
  }
}

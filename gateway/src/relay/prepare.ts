import type { Channel } from "../core/channel.ts";
import type { ChatDialect, Quirks } from "../core/dialect.ts";
import { Fault } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import { spliceFields } from "../framing/json-splice.ts";
import type { Provider, Target } from "../providers/provider.ts";
import { forUpstream } from "../responses/for-upstream.ts";
import type { Asked } from "./asked.ts";
import type { House } from "./house.ts";

/** A request in the words of one channel. */
export interface Prepared {
  readonly dialect: ChatDialect;
  readonly target: Target;
  /** Bytes, which the HTTP client sends as they are: of text it would make and keep a copy. */
  readonly body: Uint8Array;
  /** Same dialect on both sides: answers pass as they come. */
  readonly passThrough: boolean;
  readonly losses: readonly string[];
}

/** Reasoning that another vendor sealed travels inside this marker; its own vendor must not see it. */
const foreignMarker = Buffer.from('"entente:');

/** `prepare`, or the Fault that says why this channel cannot be told the request; what is lost counts where `strict`. */
export function sayTo(
  asked: Asked,
  channel: Channel,
  suffix: string,
  provider: Provider,
  house: House,
  strict: boolean,
): Prepared | Fault {
  try {
    const prepared = prepare(asked, channel, suffix, provider, house);
    if (!strict || prepared.losses.length === 0) return prepared;
    return new Fault("unsupported_field", { detail: `It cannot be told: ${prepared.losses.join(", ")}.` });
  } catch (error) {
    if (error instanceof Fault && error.code === "vendor_only") return error;
    throw error;
  }
}

/**
 * Says the request in the first dialect that both sides share, or translates it to the provider's own.
 * @throws Fault `vendor_only` where it uses what only another vendor runs.
 */
function prepare(asked: Asked, channel: Channel, suffix: string, provider: Provider, house: House): Prepared {
  const upstream = channel.upstream + suffix;
  const spoken = provider.chatDialects(channel.upstream);
  const passThrough = spoken.includes(asked.dialect.id);
  const id = passThrough ? asked.dialect.id : (spoken[0] ?? "openai-chat");
  const dialect = house.dialects[id];
  const quirks = provider.quirks(channel.upstream);
  const target = provider.target({ dialect: id, upstream, stream: asked.peek.stream });
  if (passThrough && isSayable(asked, quirks)) {
    return { dialect, target, passThrough, losses: [], body: passedBody(asked, channel, upstream, quirks) };
  }
  const { body, losses } = dialect.request.encode(
    { ...asked.request, model: upstream },
    {
      quirks,
      ...(channel.limits.outputTokens === undefined ? {} : { maxOutputTokens: channel.limits.outputTokens }),
    },
  );
  return { dialect, target, passThrough, losses, body: written(body) };
}

/** Whether the client's own bytes may go to this provider: no quirk to heed, nothing sealed by another vendor. */
function isSayable(asked: Asked, quirks: Quirks): boolean {
  if (!asked.dialect.request.passes(asked.body, quirks)) return false;
  return !Buffer.from(asked.bytes.buffer, asked.bytes.byteOffset, asked.bytes.length).includes(foreignMarker);
}

function passedBody(asked: Asked, channel: Channel, upstream: string, quirks: Quirks): Uint8Array {
  const reasons = !channel.lacks.includes("reasoning");
  if (asked.dialect.id === "openai-responses")
    return written({ ...forUpstream(asked.body, { reasons }), model: upstream });
  const fields: JsonObject = { model: upstream, ...asked.dialect.request.meteringFields(asked.body, quirks) };
  if (asked.scan.repeated) return written({ ...asked.body, ...fields });
  return spliceFields(asked.bytes, asked.scan, fields);
}

function written(body: JsonObject): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

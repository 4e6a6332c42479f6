import type { Channel } from "../../src/core/channel.ts";
import type { CallFacts } from "../../src/routing/plan.ts";

/** A free channel `<provider>/<upstream>` of the model of the same name, unless said otherwise. */
export function channel(id: string, more: Partial<Channel> = {}): Channel {
  const [provider = "", ...upstream] = id.split("/");
  return {
    id,
    provider,
    upstream: upstream.join("/"),
    model: id,
    price: "free",
    limits: {},
    lacks: [],
    ...more,
  };
}

export function byId(...channels: readonly Channel[]): ReadonlyMap<string, Channel> {
  return new Map(channels.map((entry) => [entry.id, entry]));
}

export const plainFacts: CallFacts = { operation: "chat", bytes: 100, features: [], headers: {} };

/** A small generator with a seed (mulberry32): uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import type { Channel, Deadlines } from "../core/channel.ts";
import type { Route } from "../core/route.ts";

/** The waits that apply to one attempt: the route's over the channel's over everyone's. */
export function deadlinesFor(everyone: Deadlines, channel: Channel, route: Route): Deadlines {
  if (channel.deadlines === undefined && route.deadlines === undefined) return everyone;
  return { ...everyone, ...channel.deadlines, ...route.deadlines };
}

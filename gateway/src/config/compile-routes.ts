import type { Route } from "../core/route.ts";
import type { Complain } from "./compile.ts";
import type { Config } from "./config.ts";
import { didYouMean } from "./nearest.ts";

const leastAttempts = 3;

export function compileRoutes(
  routes: Config["routes"],
  channels: ReadonlySet<string>,
  complain: Complain,
): Route[] {
  return Object.entries(routes).map(([name, route]) => {
    const named = new Set<string>();
    for (const [index, step] of route.steps.entries()) {
      for (const { channel } of step.channels) {
        named.add(channel);
        if (!channels.has(channel))
          complain(
            ["routes", name],
            `step ${index + 1}: there is no channel '${channel}'${didYouMean(channel, channels)}`,
          );
      }
    }
    const { attempts, deadlines } = "attempts" in route || "deadlines" in route ? route : {};
    return {
      name,
      steps: route.steps,
      attempts: attempts ?? Math.max(leastAttempts, named.size),
      ...(deadlines === undefined ? {} : { deadlines }),
    };
  });
}

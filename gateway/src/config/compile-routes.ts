import type { Route, RouteStep } from "../core/route.ts";
import type { Complain } from "./compile.ts";
import type { Config } from "./config.ts";
import { didYouMean } from "./did-you-mean.ts";

const leastAttempts = 3;

/** @param engineIds Providers whose channels may be missing: what names them is left out of the route. */
export function compileRoutes(
  routes: Config["routes"],
  channels: ReadonlySet<string>,
  engineIds: ReadonlySet<string>,
  complain: Complain,
): Route[] {
  return Object.entries(routes).map(([name, route]) => {
    const steps = route.steps.flatMap((step, index): RouteStep[] => {
      const there = step.channels.filter(({ channel }) => {
        const known = channels.has(channel);
        if (!known && !engineIds.has(channel.slice(0, channel.indexOf("/")))) {
          const hint = didYouMean(channel, channels);
          complain(["routes", name], `step ${index + 1}: there is no channel '${channel}'${hint}`);
        }
        return known;
      });
      return there.length === 0 ? [] : [{ ...step, channels: there }];
    });
    const named = new Set(steps.flatMap((step) => step.channels.map(({ channel }) => channel)));
    const { attempts, deadlines } = "attempts" in route || "deadlines" in route ? route : {};
    return {
      name,
      steps,
      attempts: attempts ?? Math.max(leastAttempts, named.size),
      ...(deadlines === undefined ? {} : { deadlines }),
    };
  });
}

import type { Channel } from "../core/channel.ts";
import type { Feature } from "../core/dialect.ts";
import { Fault } from "../core/fault.ts";
import type { Route, RouteStep, StepCondition } from "../core/route.ts";

/** What routing knows of a call. Header names lower case. */
export interface CallFacts {
  readonly operation: "chat";
  /** Size of the body in bytes. */
  readonly bytes: number;
  readonly features: readonly Feature[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export type SkipReason =
  /** The step's `when` does not hold; `detail` names the first condition that fails. */
  | "condition"
  /** No channel of that id is configured. */
  | "not_configured"
  /** `detail` names the features it lacks. */
  | "lacks"
  | "not_yet"
  | "retired"
  | "unpriced";

export interface Skipped {
  readonly channel: string;
  readonly reason: SkipReason;
  readonly detail?: string;
}

/** The channels to try, in order, and why the others were left out. */
export interface Plan {
  readonly candidates: readonly Channel[];
  readonly skipped: readonly Skipped[];
}

export interface PlanContext {
  readonly channels: ReadonlyMap<string, Channel>;
  /** Unix milliseconds. */
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Orders a route's channels for one call. A channel named by several steps is tried once, in the first that holds. */
export function planCall(route: Route, facts: CallFacts, context: PlanContext): Plan {
  const candidates: Channel[] = [];
  const skipped: Skipped[] = [];
  for (const step of route.steps) {
    const unmet = step.when === undefined ? undefined : unmetCondition(step.when, facts);
    for (const id of unmet === undefined
      ? drawOrder(step, context.random)
      : step.channels.map((c) => c.channel)) {
      const verdict = unmet === undefined ? judge(id, facts, context) : skip(id, "condition", unmet);
      if ("reason" in verdict) skipped.push(verdict);
      else if (!candidates.includes(verdict)) candidates.push(verdict);
    }
  }
  return { candidates, skipped };
}

/** Why a plan without candidates is refused: the reason nearest to being served. */
export function emptyPlanFault(plan: Plan): Fault {
  const reasons = new Map(plan.skipped.map((skipped) => [skipped.reason, skipped.detail]));
  if (reasons.has("unpriced")) return new Fault("model_unpriced", { param: "model" });
  if (reasons.has("lacks")) {
    const detail = `No channel of that model takes: ${reasons.get("lacks")}.`;
    return new Fault("invalid_request", { param: "model", detail });
  }
  const detail = reasons.has("condition")
    ? "Its route has no step for a request like this one."
    : reasons.has("not_yet")
      ? "It is not available yet."
      : "It is no longer available.";
  return new Fault("model_not_found", { param: "model", detail });
}

/**
 * A weighted draw without replacement. Each channel waits an exponential time at the rate of its weight and they go in
 * the order of arrival, which is the same distribution as drawing one after the other (Efraimidis and Spirakis, 2006).
 */
function drawOrder(step: RouteStep, random: () => number): string[] {
  const only = step.channels.length === 1 ? step.channels[0] : undefined;
  if (only !== undefined) return only.weight > 0 ? [only.channel] : [];
  return step.channels
    .filter(({ weight }) => weight > 0)
    .map(({ channel, weight }) => ({ channel, arrival: -Math.log(1 - random()) / weight }))
    .sort((a, b) => a.arrival - b.arrival)
    .map(({ channel }) => channel);
}

function judge(id: string, facts: CallFacts, { channels, now }: PlanContext): Channel | Skipped {
  const channel = channels.get(id);
  if (channel === undefined) return skip(id, "not_configured");
  if (channel.from !== undefined && now < channel.from) return skip(id, "not_yet");
  if (channel.until !== undefined && now >= channel.until) return skip(id, "retired");
  if (channel.price === undefined) return skip(id, "unpriced");
  if (facts.features.length > 0 && channel.lacks.length > 0) {
    const lacking = facts.features.filter((feature) => channel.lacks.includes(feature));
    if (lacking.length > 0) return skip(id, "lacks", lacking.join(", "));
  }
  return channel;
}

function skip(channel: string, reason: SkipReason, detail?: string): Skipped {
  return detail === undefined ? { channel, reason } : { channel, reason, detail };
}

/** The name of the first condition that does not hold. */
function unmetCondition(when: StepCondition, facts: CallFacts): string | undefined {
  if (when.operation !== undefined && when.operation !== facts.operation) return "operation";
  if (when.minBytes !== undefined && facts.bytes < when.minBytes) return "minBytes";
  if (when.maxBytes !== undefined && facts.bytes > when.maxBytes) return "maxBytes";
  const missing = when.features?.find((feature) => !facts.features.includes(feature));
  if (missing !== undefined) return `features: ${missing}`;
  for (const [name, value] of Object.entries(when.headers ?? {})) {
    if (!Object.hasOwn(facts.headers, name) || facts.headers[name] !== value) return `headers: ${name}`;
  }
  return undefined;
}

import type { Channel } from "../core/channel.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import type { Intent, Outcome, Settlement } from "../core/settlement.ts";
import type { Usage } from "../core/usage.ts";
import { costOf } from "../ledger/cost.ts";
import { estimateUsage } from "../ledger/estimate.ts";
import type { Asked } from "./asked.ts";
import type { Call } from "./call.ts";

/** Notes that a call is about to reach a provider, so that a crash cannot lose it. */
export function openIntent(call: Call, asked: Asked, principal: Principal, channel: Channel): Intent {
  const intent: Intent = {
    id: call.id,
    at: call.at,
    keyId: principal.keyId,
    project: principal.project,
    model: asked.peek.model,
    channel: channel.id,
    provider: channel.provider,
    dialect: asked.dialect.id,
    stream: asked.peek.stream,
    inputBytes: asked.size,
  };
  call.house.ledger.open(intent);
  return intent;
}

export interface CallEnd {
  readonly outcome: Outcome;
  readonly error: ErrorCode | undefined;
  readonly attempts: number;
  /** Milliseconds. */
  readonly firstEventAfter: number | undefined;
  /** The provider took the request and may bill it, whatever came of it. */
  readonly served: boolean;
}

/** Posts what the call really was, once. Nothing here waits. */
export function settle(call: Call, intent: Intent, channel: Channel, end: CallEnd): void {
  const metered = measure(call, intent, end);
  // Written out: a spread of this many fields makes an object of several kilobytes, and thousands wait for their commit.
  const settlement: Settlement = {
    id: intent.id,
    at: intent.at,
    keyId: intent.keyId,
    project: intent.project,
    model: intent.model,
    channel: intent.channel,
    provider: intent.provider,
    dialect: intent.dialect,
    stream: intent.stream,
    inputBytes: intent.inputBytes,
    outcome: end.outcome,
    endedAt: call.house.clock.now(),
    attempts: end.attempts,
    firstEventAfter: end.firstEventAfter,
    error: end.error,
    usage: metered.usage,
    usageSource: metered.usageSource,
    estimateMethod: metered.estimateMethod,
    cost: priceOf(metered.usage, channel),
    free: channel.price === "free",
  };
  call.house.ledger.settle(settlement);
  call.trace.settled(settlement, call.steps);
}

type Metered = Pick<Settlement, "usage" | "usageSource" | "estimateMethod">;

/** Reported usage where the vendor told all of it, else an estimate from what was relayed. */
function measure(call: Call, intent: Intent, end: CallEnd): Metered {
  const reported = call.meter.usage;
  if (!end.served && reported === undefined) return { usageSource: "none" };
  const whole = reported?.inputTokens !== undefined && reported.outputTokens !== undefined;
  if (whole && end.outcome === "success") return { usage: reported, usageSource: "reported" };
  const { usage, method } = estimateUsage({
    inputBytes: intent.inputBytes,
    outputBytes: call.meter.outputBytes,
  });
  // Some vendors report before the end: only a count that covers what was relayed is the last word.
  if (whole && (reported.outputTokens ?? 0) >= (usage.outputTokens ?? 0))
    return { usage: reported, usageSource: "reported" };
  return { usage: combine(usage, reported), usageSource: "estimated", estimateMethod: method };
}

/** Input as reported; output the larger of both, for a vendor's count in the middle of a stream is behind. */
function combine(estimate: Usage, reported: Usage | undefined): Usage {
  if (reported === undefined) return estimate;
  const outputTokens = Math.max(estimate.outputTokens ?? 0, reported.outputTokens ?? 0);
  return { ...estimate, ...reported, outputTokens };
}

function priceOf(usage: Usage | undefined, channel: Channel): Settlement["cost"] {
  if (usage === undefined || channel.price === undefined || channel.price === "free") return [];
  return costOf(usage, channel.price).lines;
}

import type { Price } from "../core/money.ts";
import type { Intent, Settlement } from "../core/settlement.ts";
import { costOf } from "./cost.ts";
import { estimateFromIntent } from "./estimate.ts";

/**
 * What is posted for a call that a crash cut off. The vendor may have served and billed it, so its input is estimated from its size;
 * what was written is unknown. The same intent always gives the same settlement. `price`: in force for its channel; where there is
 * none any more, the row says `model_unpriced`.
 */
export function crashedCall(intent: Intent, price: Price | undefined): Settlement {
  const { usage, method } = estimateFromIntent(intent.inputBytes);
  return {
    ...intent,
    outcome: "crashed",
    endedAt: intent.at,
    attempts: 1,
    error: price === undefined ? "model_unpriced" : "internal",
    usage,
    usageSource: "estimated",
    estimateMethod: method,
    cost: price === undefined || price === "free" ? [] : costOf(usage, price).lines,
    free: price === "free",
  };
}

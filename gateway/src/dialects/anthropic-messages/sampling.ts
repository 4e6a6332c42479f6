import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ChatRequest } from "../../core/request.ts";

/**
 * Temperature, top_p and top_k within what the vendor accepts: a temperature from 0 to 1, not together with top_p;
 * while thinking a temperature of 1 or a top_p of at least 0.95, and no top_k.
 */
export function encodeSampling(request: ChatRequest, thinks: boolean, losses: Losses): JsonObject {
  const { temperature, topP, topK } = request;
  const sampling: JsonObject = {};
  if (temperature !== undefined) {
    if (temperature > 1 || (thinks && temperature !== 1)) losses.add("temperature");
    if (!thinks || temperature === 1) sampling["temperature"] = Math.min(temperature, 1);
  }
  if (topP !== undefined) {
    const sayable = !("temperature" in sampling) && !(thinks && topP < 0.95);
    if (sayable) sampling["top_p"] = topP;
    // 1 is what it is anyway.
    else if (topP !== 1) losses.add("topP");
  }
  if (topK !== undefined) {
    if (thinks) losses.add("topK");
    else sampling["top_k"] = topK;
  }
  return sampling;
}

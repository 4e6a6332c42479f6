import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ChatRequest, ReasoningRequest, ResponseFormat } from "../../core/request.ts";
import type { Reader } from "../reader.ts";
import { nearestEffort } from "../reasoning-effort.ts";

/** The wire requires a name of a schema; this one stands for a schema that has none. */
const unnamed = "unnamed_schema";

/** `text.format`. */
export function decodeFormat(format: Reader): ResponseFormat {
  const type = format.oneOf("type", ["text", "json_object", "json_schema"]);
  if (type !== "json_schema") return { type };
  const name = format.optionalString("name");
  const description = format.optionalString("description");
  const strict = format.optionalBoolean("strict");
  return {
    type,
    ...(name === undefined || name === unnamed ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    schema: format.json("schema"),
    ...(strict === undefined ? {} : { strict }),
  };
}

export function encodeFormat(format: ResponseFormat, losses: Losses): JsonObject {
  if (format.type !== "json_schema") return { type: format.type };
  if (format.name === unnamed) losses.add("responseFormat.name");
  return {
    type: "json_schema",
    name: format.name ?? unnamed,
    ...(format.description === undefined ? {} : { description: format.description }),
    schema: format.schema,
    ...(format.strict === undefined ? {} : { strict: format.strict }),
  };
}

/** `text`, with the fields of it that are not known; undefined where there is nothing to say. */
export function encodeText(
  request: ChatRequest,
  kept: JsonObject | undefined,
  losses: Losses,
): JsonObject | undefined {
  const { responseFormat: format, verbosity } = request;
  if (format === undefined && verbosity === undefined) return kept;
  return {
    ...kept,
    ...(format === undefined ? {} : { format: encodeFormat(format, losses) }),
    ...(verbosity === undefined ? {} : { verbosity }),
  };
}

const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
const summaries = ["auto", "concise", "detailed"] as const;

/** `reasoning`, without what `include` says; undefined where it is empty. */
export function decodeReasoningSettings(reasoning: Reader): ReasoningRequest | undefined {
  const effort = reasoning.optionalOneOf("effort", efforts);
  const summary = reasoning.optionalOneOf("summary", summaries);
  if (effort === undefined && summary === undefined) return undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(summary === undefined ? {} : { summary }) };
}

export function encodeReasoningSettings(
  reasoning: ReasoningRequest | undefined,
  kept: JsonObject | undefined,
  losses: Losses,
): JsonObject | undefined {
  if (reasoning === undefined) return kept;
  const { mode, budgetTokens, summary } = reasoning;
  const effort = nearestEffort(reasoning);
  if (mode !== undefined) losses.add("reasoning.mode");
  if (budgetTokens !== undefined) losses.add("reasoning.budgetTokens");
  const sayable = summaries.find((word) => word === summary);
  if (summary !== undefined && sayable === undefined) losses.add("reasoning.summary");
  if (effort === undefined && sayable === undefined) return kept;
  return {
    ...kept,
    ...(effort === undefined ? {} : { effort }),
    ...(sayable === undefined ? {} : { summary: sayable }),
  };
}

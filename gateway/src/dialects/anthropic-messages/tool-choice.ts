import { Fault } from "../../core/fault.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ChatRequest, ToolChoice } from "../../core/request.ts";
import type { Reader } from "../reader.ts";
import { origin } from "./origin.ts";

interface DecodedChoice {
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Fields that have no neutral word. */
  readonly rest?: JsonObject;
}

export function decodeToolChoice(choice: Reader): DecodedChoice {
  const toolChoice = kindOf(choice);
  if (toolChoice.type === "vendor") return { toolChoice };
  const disabled = choice.optionalBoolean("disable_parallel_tool_use");
  const rest = choice.rest(origin)?.fields;
  return {
    toolChoice,
    ...(disabled === undefined ? {} : { parallelToolCalls: !disabled }),
    ...(rest === undefined ? {} : { rest }),
  };
}

function kindOf(choice: Reader): ToolChoice {
  switch (choice.string("type")) {
    case "auto":
      return { type: "auto" };
    case "any":
      return { type: "required" };
    case "none":
      return { type: "none" };
    case "tool":
      return { type: "tool", name: choice.string("name") };
    default:
      return { type: "vendor", origin, value: choice.verbatim() };
  }
}

/**
 * `disable_parallel_tool_use` needs a choice to stand in; `auto` is the default and means the same as none.
 * @throws Fault `vendor_only`
 */
export function encodeToolChoice(request: ChatRequest, losses: Losses): JsonObject | undefined {
  const { toolChoice: choice, parallelToolCalls: parallel } = request;
  if (choice?.type === "vendor" && choice.origin !== origin) {
    throw new Fault("vendor_only", {
      detail: `\`toolChoice\` is of a kind that only the ${choice.origin} API has.`,
    });
  }
  if (request.tools === undefined || request.tools.length === 0) {
    // The vendor rejects a choice among no tools.
    if (choice !== undefined) losses.add("toolChoice");
    if (parallel !== undefined) losses.add("parallelToolCalls");
    return undefined;
  }
  const takesParallel = choice?.type !== "none" && choice?.type !== "vendor";
  if (parallel !== undefined && !takesParallel) losses.add("parallelToolCalls");
  const parallelField =
    parallel === undefined || !takesParallel ? {} : { disable_parallel_tool_use: !parallel };
  if (choice === undefined) return parallel === undefined ? undefined : { type: "auto", ...parallelField };
  switch (choice.type) {
    case "auto":
      return { type: "auto", ...parallelField };
    case "required":
      return { type: "any", ...parallelField };
    case "none":
      return { type: "none" };
    case "tool":
      if (choice.custom !== undefined) losses.add("toolChoice.custom");
      return { type: "tool", name: choice.name, ...parallelField };
    default:
      return choice.value;
  }
}

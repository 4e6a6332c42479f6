import type { RequestTarget } from "../../core/dialect.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ReasoningRequest } from "../../core/request.ts";
import type { Reader } from "../reader.ts";
import { origin } from "./origin.ts";

/** The vendor takes no smaller thinking budget. */
const leastBudget = 1024;
/** Room for the answer behind a budget, where the caller set no limit. */
const answerRoom = 4096;

/** Share of the output limit that an effort may think, where a model knows only budgets. */
const shares = { none: 0, minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.9, max: 0.95 } as const;

interface DecodedThinking {
  readonly reasoning: ReasoningRequest;
  /** Fields that have no neutral word. */
  readonly rest?: JsonObject;
}

/** Undefined where the kind is unknown; it then stays among the request's extra fields. */
export function decodeThinking(request: Reader): DecodedThinking | undefined {
  const body = request.peek("thinking");
  if (body === undefined) return undefined;
  const type = isJsonObject(body) ? body["type"] : undefined;
  if (isJsonObject(body) && type !== "enabled" && type !== "adaptive" && type !== "disabled")
    return undefined;
  const thinking = request.object("thinking");
  const mode = thinking.oneOf("type", ["enabled", "adaptive", "disabled"]);
  const budgetTokens = mode === "enabled" ? thinking.integer("budget_tokens") : undefined;
  const display = thinking.optionalOneOf("display", ["summarized", "omitted"]);
  const rest = thinking.rest(origin)?.fields;
  return {
    reasoning: {
      mode,
      ...(budgetTokens === undefined ? {} : { budgetTokens }),
      ...(display === undefined ? {} : { summary: display === "omitted" ? "omitted" : "auto" }),
    },
    ...(rest === undefined ? {} : { rest }),
  };
}

export interface EncodedThinking {
  readonly thinking?: JsonObject;
  readonly effort?: string;
  readonly maxTokens: number;
}

/**
 * How the vendor is asked to think, and how much it may write. `forbidden` is true where it would reject thinking
 * (a forced tool call, a tool loop whose turn does not begin with its own thinking): it is then turned off.
 */
export function encodeThinking(
  reasoning: ReasoningRequest | undefined,
  maxOutputTokens: number | undefined,
  target: RequestTarget,
  forbidden: (kind: "enabled" | "adaptive") => boolean,
  losses: Losses,
): EncodedThinking {
  const limit = maxOutputTokens ?? target.maxOutputTokens ?? 4096;
  if (reasoning === undefined) return { maxTokens: limit };
  const effort = encodeEffort(reasoning, target, losses);
  const effortField = effort === undefined ? {} : { effort };
  const display = () => displayField(reasoning, losses);
  const none = (): EncodedThinking => {
    if (reasoning.summary !== undefined) losses.add("reasoning.summary");
    return { ...effortField, maxTokens: limit };
  };
  switch (kindOf(reasoning, target)) {
    case undefined:
      return none();
    case "disabled":
      if (reasoning.budgetTokens !== undefined) losses.add("reasoning.budgetTokens");
      return { ...none(), thinking: { type: "disabled" } };
    case "adaptive":
      if (forbidden("adaptive")) {
        losses.add("reasoning");
        return none();
      }
      if (reasoning.mode === "enabled") losses.add("reasoning.mode");
      if (reasoning.budgetTokens !== undefined) losses.add("reasoning.budgetTokens");
      return { thinking: { type: "adaptive", ...display() }, ...effortField, maxTokens: limit };
    default: {
      const planned = planBudget(reasoning, maxOutputTokens, limit, target, losses);
      if (planned === undefined || forbidden("enabled")) {
        losses.add("reasoning");
        return none();
      }
      const { budget, maxTokens } = planned;
      return {
        thinking: { type: "enabled", budget_tokens: budget, ...display() },
        ...effortField,
        maxTokens,
      };
    }
  }
}

function kindOf(
  reasoning: ReasoningRequest,
  target: RequestTarget,
): "enabled" | "adaptive" | "disabled" | undefined {
  const { mode, effort, budgetTokens } = reasoning;
  if (mode === "disabled" || (mode === undefined && effort === "none")) return "disabled";
  if (mode === undefined && effort === undefined && budgetTokens === undefined) return undefined;
  if (target.quirks.thinking === "budget") return "enabled";
  if (target.quirks.thinking === "adaptive" || mode === "adaptive" || budgetTokens === undefined)
    return "adaptive";
  return "enabled";
}

function encodeEffort(
  reasoning: ReasoningRequest,
  target: RequestTarget,
  losses: Losses,
): string | undefined {
  const { effort, mode } = reasoning;
  if (effort === undefined) return undefined;
  if (effort === "none") {
    if (mode !== undefined) losses.add("reasoning.effort");
    return undefined;
  }
  // A model that knows only budgets is told the effort as one, roughly.
  if (effort === "minimal" || target.quirks.thinking === "budget") losses.add("reasoning.effort");
  if (target.quirks.thinking === "budget") return undefined;
  return effort === "minimal" ? "low" : effort;
}

function displayField(reasoning: ReasoningRequest, losses: Losses): { display?: string } {
  if (reasoning.summary === undefined) return {};
  if (reasoning.summary === "omitted") return { display: "omitted" };
  if (reasoning.summary !== "auto") losses.add("reasoning.summary");
  return { display: "summarized" };
}

/** A budget below the output limit; undefined where the limit leaves no room for the smallest. */
function planBudget(
  reasoning: ReasoningRequest,
  maxOutputTokens: number | undefined,
  limit: number,
  target: RequestTarget,
  losses: Losses,
): { readonly budget: number; readonly maxTokens: number } | undefined {
  const { budgetTokens } = reasoning;
  if (reasoning.mode === "adaptive" || (reasoning.mode === "enabled" && budgetTokens === undefined)) {
    losses.add("reasoning.mode");
  }
  let maxTokens = limit;
  if (maxOutputTokens === undefined && budgetTokens !== undefined) {
    maxTokens = Math.min(
      Math.max(limit, budgetTokens + answerRoom),
      target.maxOutputTokens ?? Number.MAX_SAFE_INTEGER,
    );
  }
  if (maxTokens <= leastBudget) return undefined;
  const wanted = budgetTokens ?? Math.floor(maxTokens * shares[reasoning.effort ?? "medium"]);
  const budget = Math.min(Math.max(wanted, leastBudget), maxTokens - 1);
  if (budgetTokens !== undefined && budget !== budgetTokens) losses.add("reasoning.budgetTokens");
  return { budget, maxTokens };
}

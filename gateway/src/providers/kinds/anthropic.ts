import type { Quirks } from "../../core/dialect.ts";
import type { ChatDialectId } from "../../core/extra.ts";
import type { ProviderSettings } from "../../core/provider-settings.ts";
import type { Provider } from "../provider.ts";
import { vendors } from "../vendors.ts";
import { at, parseAddress } from "./address.ts";
import { callHeaders } from "./credential-headers.ts";
import type { ProviderDependencies } from "./dependencies.ts";

const dialects: readonly ChatDialectId[] = ["anthropic-messages"];

// Claude 3 and 4 up to 4.5 know `thinking: enabled` with a budget; from 4.6 on effort is adaptive, and later models
// refuse a budget. https://docs.claude.com/en/docs/build-with-claude/adaptive-thinking
const budgetModels = /^claude-(?:3|instant|2|(?:opus|sonnet|haiku)-4(?:[-.][015])?(?:-\d{8})?(?:-latest)?$)/;

/** How a model takes its thinking effort. Other makers' models behind this API know the older form. */
export function thinkingOf(model: string): "budget" | "adaptive" {
  return model.startsWith("claude-") && !budgetModels.test(model) ? "adaptive" : "budget";
}

/** https://docs.claude.com/en/api/messages */
export function anthropicProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  const vendor = settings.vendor === undefined ? undefined : vendors.get(settings.vendor);
  const baseUrl = settings.baseUrl ?? vendor?.baseUrl ?? "https://api.anthropic.com";
  const address = parseAddress(baseUrl, ["/v1"]);
  const messages = at(address, "/v1/messages");
  const headers = callHeaders(settings, {
    "anthropic-version": "2023-06-01",
    ...(settings.apiKey === undefined ? {} : { "x-api-key": settings.apiKey }),
  });
  const adaptive: Quirks = { thinking: "adaptive", ...settings.quirks };
  const budget: Quirks = { thinking: "budget", ...settings.quirks };
  return {
    id: settings.id,
    kind: "anthropic",
    chatDialects: () => dialects,
    quirks: (upstream) => (thinkingOf(upstream) === "adaptive" ? adaptive : budget),
    target: () => messages,
    // Other makers behind this API are not known to count.
    ...(vendor === undefined ? { countTokensTarget: at(address, "/v1/messages/count_tokens") } : {}),
    modelsTarget: at(address, "/v1/models"),
    authorize: () => headers,
    forwardHeaders: ["anthropic-beta", "anthropic-version"],
    transport: dependencies.transport,
  };
}

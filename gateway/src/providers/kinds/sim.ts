import type { ChatDialectId } from "../../core/extra.ts";
import type { ProviderSettings } from "../../core/provider-settings.ts";
import type { Provider } from "../provider.ts";
import { simAddresses } from "../sim/sim-address.ts";
import type { ProviderDependencies } from "./dependencies.ts";

const dialects: readonly ChatDialectId[] = ["openai-chat", "openai-responses", "anthropic-messages"];

/** The simulator as a provider: it speaks every dialect, so nothing is translated on the way to it. */
export function simProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  const headers = {};
  return {
    id: settings.id,
    kind: "sim",
    chatDialects: () => dialects,
    quirks: () => settings.quirks ?? {},
    target: ({ dialect }) => simAddresses[dialect],
    modelsTarget: simAddresses.models,
    authorize: () => headers,
    forwardHeaders: ["entente-sim"],
    transport: dependencies.simulator,
  };
}

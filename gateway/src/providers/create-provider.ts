import type { ProviderKind, ProviderSettings } from "../core/provider-settings.ts";
import { anthropicProvider } from "./kinds/anthropic.ts";
import { azureProvider } from "./kinds/azure.ts";
import type { ProviderDependencies } from "./kinds/dependencies.ts";
import { ollamaProvider } from "./kinds/ollama.ts";
import { openaiProvider } from "./kinds/openai.ts";
import { compatibleProvider } from "./kinds/openai-compatible.ts";
import { simProvider } from "./kinds/sim.ts";
import type { Provider } from "./provider.ts";

type Maker = (settings: ProviderSettings, dependencies: ProviderDependencies) => Provider;

const kinds: Readonly<Record<ProviderKind, Maker>> = {
  openai: openaiProvider,
  azure: azureProvider,
  anthropic: anthropicProvider,
  ollama: ollamaProvider,
  "openai-compatible": compatibleProvider,
  sim: simProvider,
};

/** @throws Error where the settings do not make a provider; its message has no key in it */
export function createProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  const provider = kinds[settings.kind](settings, dependencies);
  const { dialects } = settings;
  return dialects === undefined ? provider : { ...provider, chatDialects: () => dialects };
}

import type { ProviderSettings } from "../../core/provider-settings.ts";
import type { Provider } from "../provider.ts";
import { at, parseAddress } from "./address.ts";
import { bearer, callHeaders } from "./credential-headers.ts";
import type { ProviderDependencies } from "./dependencies.ts";
import { openaiDialects } from "./openai-models.ts";

/** https://platform.openai.com/docs/api-reference */
export function openaiProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  const address = parseAddress(settings.baseUrl ?? "https://api.openai.com/v1");
  const chat = at(address, "/chat/completions");
  const responses = at(address, "/responses");
  const headers = callHeaders(settings, bearer(settings.apiKey));
  const quirks = settings.quirks ?? {};
  return {
    id: settings.id,
    kind: "openai",
    chatDialects: openaiDialects,
    quirks: () => quirks,
    target: ({ dialect }) => (dialect === "openai-responses" ? responses : chat),
    modelsTarget: at(address, "/models"),
    authorize: () => headers,
    forwardHeaders: ["openai-organization", "openai-project", "openai-beta"],
    transport: dependencies.transport,
  };
}

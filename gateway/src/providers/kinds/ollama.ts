import type { Quirks } from "../../core/dialect.ts";
import type { ChatDialectId } from "../../core/extra.ts";
import type { ProviderSettings } from "../../core/provider-settings.ts";
import type { Provider } from "../provider.ts";
import { at, parseAddress } from "./address.ts";
import { bearer, callHeaders } from "./credential-headers.ts";
import type { ProviderDependencies } from "./dependencies.ts";

const dialects: readonly ChatDialectId[] = ["openai-chat"];
const ownQuirks: Quirks = { maxTokensField: "max_tokens", developerRole: false, reasoningField: "reasoning" };

/** Ollama's OpenAI-compatible surface: https://docs.ollama.com/api/openai-compatibility */
export function ollamaProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  const address = parseAddress(settings.baseUrl ?? "http://127.0.0.1:11434", ["/v1"]);
  const chat = at(address, "/v1/chat/completions");
  const headers = callHeaders(settings, bearer(settings.apiKey));
  const quirks: Quirks = { ...ownQuirks, ...settings.quirks };
  return {
    id: settings.id,
    kind: "ollama",
    chatDialects: () => dialects,
    quirks: () => quirks,
    target: () => chat,
    modelsTarget: at(address, "/v1/models"),
    authorize: () => headers,
    forwardHeaders: [],
    transport: dependencies.transport,
  };
}

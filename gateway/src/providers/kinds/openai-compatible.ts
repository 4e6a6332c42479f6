import type { Quirks } from "../../core/dialect.ts";
import type { ChatDialectId } from "../../core/extra.ts";
import type { ProviderSettings } from "../../core/provider-settings.ts";
import type { Provider } from "../provider.ts";
import { vendors } from "../vendors.ts";
import { at, parseAddress } from "./address.ts";
import { bearer, callHeaders } from "./credential-headers.ts";
import type { ProviderDependencies } from "./dependencies.ts";

const dialects: readonly ChatDialectId[] = ["openai-chat"];

/** What every server that speaks openai-chat is sure to know; OpenAI's newer words are not among it. */
const commonQuirks: Quirks = { maxTokensField: "max_tokens", developerRole: false };

/** A vendor or engine that speaks openai-chat, at `baseUrl` or where its entry in `vendors` says. */
export function compatibleProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  const vendor = settings.vendor === undefined ? undefined : vendors.get(settings.vendor);
  const baseUrl = settings.baseUrl ?? vendor?.baseUrl;
  if (baseUrl === undefined) throw new Error(`provider '${settings.id}': set 'baseUrl'`);
  const address = parseAddress(baseUrl);
  const chat = at(address, "/chat/completions");
  const responses = at(address, "/responses");
  const headers = callHeaders(settings, bearer(settings.apiKey));
  const quirks: Quirks = { ...commonQuirks, ...vendor?.quirks, ...settings.quirks };
  return {
    id: settings.id,
    kind: "openai-compatible",
    chatDialects: () => dialects,
    quirks: () => quirks,
    target: ({ dialect }) => (dialect === "openai-responses" ? responses : chat),
    ...(vendor?.listsModels === false ? {} : { modelsTarget: at(address, "/models") }),
    authorize: () => headers,
    forwardHeaders: vendor?.forwardHeaders ?? [],
    transport: dependencies.transport,
  };
}

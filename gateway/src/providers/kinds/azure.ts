import type { Quirks } from "../../core/dialect.ts";
import type { ChatDialectId } from "../../core/extra.ts";
import type { ProviderSettings } from "../../core/provider-settings.ts";
import type { Provider } from "../provider.ts";
import { type Address, at, parseAddress } from "./address.ts";
import { callHeaders } from "./credential-headers.ts";
import type { ProviderDependencies } from "./dependencies.ts";
import { EntraToken, machineIdentity } from "./entra-token.ts";
import { azureDialects } from "./openai-models.ts";

type Surface = Pick<Provider, "chatDialects" | "target" | "modelsTarget"> & { readonly quirks: Quirks };

const onlyChat: readonly ChatDialectId[] = ["openai-chat"];

/**
 * Azure OpenAI in both of its forms: deployment paths with a dated api-version, and v1.
 * https://learn.microsoft.com/azure/ai-foundry/openai/reference
 */
export function azureProvider(settings: ProviderSettings, dependencies: ProviderDependencies): Provider {
  if (settings.baseUrl === undefined) throw new Error(`provider '${settings.id}': set 'baseUrl'`);
  const address = parseAddress(settings.baseUrl, ["/openai/v1", "/openai"]);
  const { apiVersion } = settings;
  const surface =
    apiVersion !== undefined && /^\d{4}-/.test(apiVersion)
      ? deploymentSurface(address, apiVersion)
      : unversionedSurface(address, apiVersion);
  const quirks: Quirks = { ...surface.quirks, ...settings.quirks };
  return {
    ...surface,
    id: settings.id,
    kind: "azure",
    quirks: () => quirks,
    authorize: authorization(settings, dependencies),
    forwardHeaders: [],
    transport: dependencies.transport,
  };
}

function deploymentSurface(address: Address, apiVersion: string): Surface {
  const query = `?api-version=${encodeURIComponent(apiVersion)}`;
  return {
    chatDialects: () => onlyChat,
    quirks: quirksOf(apiVersion),
    target: ({ upstream }) =>
      at(address, `/openai/deployments/${encodeURIComponent(upstream)}/chat/completions${query}`),
    modelsTarget: at(address, `/openai/models${query}`),
  };
}

/** @param apiVersion `preview`, or absent */
function unversionedSurface(address: Address, apiVersion: string | undefined): Surface {
  const query = apiVersion === undefined ? "" : `?api-version=${encodeURIComponent(apiVersion)}`;
  const chat = at(address, `/openai/v1/chat/completions${query}`);
  const responses = at(address, `/openai/v1/responses${query}`);
  return {
    chatDialects: azureDialects,
    quirks: {},
    target: ({ dialect }) => (dialect === "openai-responses" ? responses : chat),
    modelsTarget: at(address, `/openai/v1/models${query}`),
  };
}

/** A dated version knows the words that OpenAI had by then. */
function quirksOf(apiVersion: string): Quirks {
  return {
    ...(apiVersion < "2024-09"
      ? { maxTokensField: "max_tokens", streamOptions: false, jsonSchema: false }
      : {}),
    ...(apiVersion < "2024-12" ? { developerRole: false } : {}),
  };
}

function authorization(
  settings: ProviderSettings,
  dependencies: ProviderDependencies,
): Provider["authorize"] {
  if (settings.credential === "entra") {
    const token = new EntraToken(dependencies.azureTokens ?? machineIdentity, dependencies.clock);
    const toHeaders = (value: string): ReturnType<typeof callHeaders> =>
      callHeaders(settings, { authorization: `Bearer ${value}` });
    return () => token.headers(toHeaders);
  }
  const headers = callHeaders(settings, settings.apiKey === undefined ? {} : { "api-key": settings.apiKey });
  return () => headers;
}

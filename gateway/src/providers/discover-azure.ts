import type { ProviderSettings } from "../core/provider-settings.ts";
import { type Environment, type Finding, readKey } from "./environment.ts";

/**
 * Azure OpenAI by the names of its SDKs (`AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY`) or of the catalogue
 * (`AZURE_RESOURCE_NAME`, `AZURE_API_KEY`). `AZURE_OPENAI_API_VERSION` chooses the deployment paths and
 * `AZURE_OPENAI_DEPLOYMENT` names deployments, separated by commas.
 */
export function discoverAzure(environment: Environment): Finding {
  const baseUrl = endpoint(environment);
  if (baseUrl === undefined) return {};
  if (baseUrl === "")
    return { hints: ["AZURE_OPENAI_ENDPOINT is not an https URL such as https://NAME.openai.azure.com"] };
  const named = environment["AZURE_OPENAI_API_KEY"] === undefined ? "AZURE_API_KEY" : "AZURE_OPENAI_API_KEY";
  const { key: apiKey, hints } = readKey(environment, named);
  if (apiKey === undefined && hints.length > 0) return { hints };
  if (apiKey === undefined && environment["AZURE_CLIENT_ID"] === undefined) {
    return {
      hints: [
        "an Azure OpenAI endpoint is set without a key; set AZURE_OPENAI_API_KEY, or declare it with `credential: entra`",
      ],
    };
  }
  const apiVersion = (environment["AZURE_OPENAI_API_VERSION"] ?? environment["OPENAI_API_VERSION"])?.trim();
  const models = deployments(environment);
  const settings: ProviderSettings = {
    id: "azure",
    kind: "azure",
    baseUrl,
    ...(apiKey === undefined ? { credential: "entra" } : { apiKey }),
    ...(apiVersion !== undefined && /^[\w.-]{1,64}$/.test(apiVersion) ? { apiVersion } : {}),
    ...(models.length === 0 ? {} : { models }),
  };
  return models.length === 0
    ? {
        settings,
        hints: [
          "Azure deployments are taken to be named like their models; set AZURE_OPENAI_DEPLOYMENT where they are not",
        ],
      }
    : { settings };
}

/** Undefined where none is set, "" where it is no address. */
function endpoint(environment: Environment): string | undefined {
  const given = environment["AZURE_OPENAI_ENDPOINT"]?.trim();
  if (given !== undefined && given !== "") {
    const url = URL.parse(given);
    return url?.protocol === "https:" ? `${url.origin}${url.pathname === "/" ? "" : url.pathname}` : "";
  }
  const resource = environment["AZURE_RESOURCE_NAME"]?.trim();
  return resource !== undefined && /^[a-z0-9][a-z0-9-]{0,62}$/i.test(resource)
    ? `https://${resource.toLowerCase()}.openai.azure.com`
    : undefined;
}

function deployments(environment: Environment): string[] {
  const names = [environment["AZURE_OPENAI_DEPLOYMENT"], environment["AZURE_OPENAI_DEPLOYMENT_NAME"]];
  return [
    ...new Set(
      names
        .flatMap((each) => (each ?? "").split(","))
        .map((each) => each.trim())
        .filter((each) => /^[\w.-]{1,128}$/.test(each)),
    ),
  ];
}

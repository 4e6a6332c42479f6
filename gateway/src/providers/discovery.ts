import type { Catalogue } from "../core/catalogue.ts";
import type { ProviderSettings } from "../core/provider-settings.ts";
import { discoverAzure } from "./discover-azure.ts";
import { type Environment, type Finding, readKey } from "./environment.ts";
import { vendors, withVendorAddress } from "./vendors.ts";

/** What the environment holds keys for. */
export interface Discovery {
  readonly settings: readonly ProviderSettings[];
  /** For the operator: what was found and not used, and why. No values in them. */
  readonly hints: readonly string[];
}

/** Vendors whose key is in the environment under the catalogue's name for it. Nothing is sent to anyone. */
export function discoverEnvironment(environment: Environment, catalogue: Catalogue): Discovery {
  const findings = [
    official(environment, "openai", "OPENAI_API_KEY", "OPENAI_BASE_URL"),
    official(environment, "anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    discoverAzure(environment),
    ...compatible(environment, catalogue),
  ];
  return {
    settings: findings.flatMap((finding) => finding.settings ?? []),
    hints: findings.flatMap((finding) => finding.hints ?? []),
  };
}

/** OpenAI and Anthropic, whose SDKs let a variable move them elsewhere. */
function official(
  environment: Environment,
  kind: "openai" | "anthropic",
  keyName: string,
  urlName: string,
): Finding {
  const { key: apiKey, hints } = readKey(environment, keyName);
  if (apiKey === undefined) return { hints };
  const settings: ProviderSettings = { id: kind, kind, apiKey };
  const address = environment[urlName]?.trim();
  if (address === undefined || address === "") return { settings };
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    return { settings, hints: [`${urlName} is not a URL`] };
  // Applications that talk to this gateway have the variable point here: following it would be a loop.
  if (isLoopback(url.hostname)) {
    return {
      hints: [
        `${urlName} points at this machine, so ${keyName} is not used; declare the provider in entente.yaml if it is an engine`,
      ],
    };
  }
  if (url.hostname === `api.${kind}.com`) return { settings };
  return kind === "openai"
    ? {
        settings: { ...settings, kind: "openai-compatible", baseUrl: address },
        hints: [`${urlName} points at another server; name its models and prices in entente.yaml`],
      }
    : { settings: { ...settings, baseUrl: address } };
}

function compatible(environment: Environment, catalogue: Catalogue): Finding[] {
  const findings: Finding[] = [];
  const taken = new Map<string, string>();
  for (const [id, vendor] of vendors) {
    const names = catalogue.vendor(id)?.env ?? [];
    const name = names.find((each) => (environment[each] ?? "").trim() !== "");
    if (name === undefined) continue;
    const { key: apiKey, hints } = readKey(environment, name);
    if (apiKey === undefined) {
      findings.push({ hints });
      continue;
    }
    const first = taken.get(name);
    if (first !== undefined) {
      findings.push({
        hints: [
          `${name} is used for '${first}'; if the key is for '${id}', declare it with \`vendor: ${id}\``,
        ],
      });
      continue;
    }
    if (vendor.ownKey === false) {
      findings.push({ hints: [`${name} is set; to use it for '${id}', declare it with \`vendor: ${id}\``] });
      continue;
    }
    const kind = vendor.kind ?? "openai-compatible";
    const settings = withVendorAddress({ id, kind, vendor: id, apiKey }, catalogue);
    if (settings.baseUrl === undefined) continue;
    taken.set(name, id);
    findings.push({ settings });
  }
  return findings;
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname);
}

import { openCatalogue } from "../../src/catalogue/catalogue.ts";
import { systemClock } from "../../src/core/clock.ts";
import { type ErrorCode, errors } from "../../src/core/errors.ts";
import type { ProviderSettings } from "../../src/core/provider-settings.ts";
import { routeTable } from "../../src/http/route-table.ts";
import { createProvider } from "../../src/providers/create-provider.ts";
import { usualPlaces } from "../../src/providers/discover-engines.ts";
import { discoverEnvironment } from "../../src/providers/discovery.ts";
import type { Transport } from "../../src/providers/upstream.ts";
import { vendors } from "../../src/providers/vendors.ts";
import { HealthBook } from "../../src/routing/health.ts";
import { Lease } from "../../src/routing/lease.ts";
import { decideRetry } from "../../src/routing/retry-decision.ts";
import { table } from "./page.ts";

const codes = Object.keys(errors) as ErrorCode[];

const unused: Transport = () => {
  throw new Error("nothing is called here");
};

/** Every error that the gateway answers. */
export function errorTable(): string {
  const rows = codes.map((code) => {
    const { status, owner, retryable, sentence } = errors[code];
    return [`\`${code}\``, String(status), owner, retryable ? "yes" : "no", sentence];
  });
  return table(["code", "status", "who has to act", "retry may help", "sentence"], rows);
}

/** The variables that set up a provider, each tried alone, and the vendors that must be declared. */
export function vendorTable(): string {
  const catalogue = openCatalogue();
  const rows: string[][] = [];
  for (const id of ["openai", "anthropic", ...vendors.keys()]) {
    const names = catalogue.vendor(id)?.env ?? [];
    const found = names.filter((name) =>
      discoverEnvironment({ [name]: "k" }, catalogue).settings.some((settings) => settings.id === id),
    );
    if (found.length > 0) rows.push([`\`${id}\``, found.map((name) => `\`${name}\``).join(" or ")]);
  }
  return table(
    ["provider", "found by"],
    rows.toSorted((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
  );
}

/** Vendors that we know and do not set up by themselves. */
export function declaredVendors(): string {
  const catalogue = openCatalogue();
  const declared = [...vendors.keys()].filter((id) => {
    const names = catalogue.vendor(id)?.env ?? [];
    const environment = Object.fromEntries(names.map((name) => [name, "k"]));
    return !discoverEnvironment(environment, catalogue).settings.some((settings) => settings.id === id);
  });
  return `${declared.map((id) => `\`${id}\``).join(", ")}.`;
}

/** Where engines of this machine are looked for. */
export function engineTable(): string {
  return table(
    ["provider", "port"],
    usualPlaces.map(({ engine, port }) => [`\`${engine}\``, String(port)]),
  );
}

const kindSettings: Readonly<Record<ProviderSettings["kind"], Omit<ProviderSettings, "id" | "kind">>> = {
  openai: { apiKey: "k" },
  azure: { apiKey: "k", baseUrl: "https://example.openai.azure.com" },
  anthropic: { apiKey: "k" },
  ollama: {},
  "openai-compatible": { baseUrl: "https://llm.example.com/v1" },
  sim: {},
};

/** What each kind speaks, where it is and what it lets through. */
export function kindTable(): string {
  const rows = Object.entries(kindSettings).map(([kind, settings]) => {
    const provider = createProvider(
      { id: kind, kind: kind as ProviderSettings["kind"], ...settings },
      { transport: unused, simulator: unused, clock: systemClock },
    );
    const model = kind === "anthropic" ? "claude-sonnet-5" : "gpt-4o";
    const dialects = provider.chatDialects(model);
    const { origin, path } = provider.target({
      dialect: dialects[0] ?? "openai-chat",
      upstream: model,
      stream: false,
    });
    const address = kind === "sim" ? "in this process" : `\`${origin}${path}\``;
    const forwarded = provider.forwardHeaders.map((name) => `\`${name}\``).join(", ");
    return [`\`${kind}\``, dialects.join(", "), address, forwarded === "" ? "none" : forwarded];
  });
  return table(["kind", "speaks", "calls (for example)", "client headers that cross"], rows);
}

/** What follows each failure of a provider: told by the retry decision and the breaker themselves. */
export function setbackTable(): string {
  const rows = codes
    .filter(
      (code) =>
        errors[code].owner !== "us" &&
        (code.startsWith("provider_") || code.startsWith("content") || code === "context_length"),
    )
    .map((code) => [`\`${code}\``, follows(code, true), follows(code, false), blame(code)]);
  return table(
    [
      "failure",
      "another channel is left",
      "it was the last channel",
      "what the channel's breaker makes of it",
    ],
    rows,
  );
}

function follows(code: ErrorCode, othersLeft: boolean): string {
  const standing = { attempt: 1, attempts: 3, othersLeft, budget: true, remaining: 60_000 };
  const decision = decideRetry({ code, hints: {} }, standing, () => 0.5);
  return { next: "next channel", again: "the same again, after a pause", give_up: "told to the client" }[
    decision.action
  ];
}

function blame(code: ErrorCode): string {
  const book = new HealthBook({ now: () => 1_000_000, random: () => 0.5 });
  const channel = { id: "a/b", provider: "a", model: "b", upstream: "b", limits: {}, lacks: [] };
  const lease = book.tryAcquire(channel);
  if (!(lease instanceof Lease)) throw new Error("a fresh channel takes calls");
  lease.failure(code);
  lease.release();
  const { state, failures } = book.of(channel.id);
  if (state === "open") return "opens at once";
  return failures > 0 ? "a failure" : "nothing";
}

/** Every path of the server. */
export function pathTable(): string {
  const rows = routeTable.map(({ path, suffix, methods }) => {
    const shown =
      path === "/admin/" ? "/admin/..." : path.endsWith("/") ? `${path}{id}${suffix ?? ""}` : path;
    return [`\`${shown}\``, Object.keys(methods).join(", ")];
  });
  return table(["path", "methods"], rows);
}

/** The gateway's own metrics, out of the text of a scrape. */
export function metricTable(scrape: string): string {
  const types = new Map([...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  const labels = (name: string) => {
    const series = scrape
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_count{`));
    const names = [...(series[0] ?? "").matchAll(/(\w+)="/g)].map(([, label]) => label);
    return names.length === 0 ? "" : names.join(", ");
  };
  const rows = [...scrape.matchAll(/^# HELP (entente_\S+) (.*)$/gm)].map(([, name = "", help = ""]) => [
    `\`${name}\``,
    types.get(name) ?? "",
    labels(name),
    help,
  ]);
  return table(
    ["metric", "type", "labels", "what it says"],
    rows.toSorted((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
  );
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
}

/** The control API's calls, out of its own document. */
export function endpointTable(document: OpenApiDocument): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => [`\`${method.toUpperCase()} ${path}\``, summary]),
  );
  return table(["call", "what it does"], rows);
}

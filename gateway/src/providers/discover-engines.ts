import type { Clock } from "../core/clock.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { ProviderSettings } from "../core/provider-settings.ts";
import { fetchJson, type JsonAnswer } from "./fetch-json.ts";
import type { Transport } from "./upstream.ts";

export type EngineName = "ollama" | "vllm" | "llamacpp" | "lmstudio";

/** Where to look for an engine; `port` on this machine. */
export interface EnginePlace {
  readonly engine: EngineName;
  readonly port: number;
}

/** The ports that the engines' own documentation starts them on. */
export const usualPlaces: readonly EnginePlace[] = [
  { engine: "ollama", port: 11434 },
  { engine: "vllm", port: 8000 },
  { engine: "llamacpp", port: 8080 },
  { engine: "lmstudio", port: 1234 },
];

const deadline = 300;
const maxBytes = 1024 * 1024;
const maxModels = 200;

/** How an engine is asked, and how its answer tells it from any other server at that port. */
interface Probe {
  readonly path: string;
  /** Names of its chat models; undefined where the answer is not this engine's. */
  models(body: JsonObject): string[] | undefined;
}

const probes: Readonly<Record<EngineName, Probe>> = {
  // {"models":[{"name","model","digest","details":{"family"}}]}: https://docs.ollama.com/api/tags
  ollama: {
    path: "/api/tags",
    models: (body) =>
      names(body["models"], "model", (entry) => typeof entry["digest"] === "string", isNoEmbedder),
  },
  // Each entry says owned_by "vllm".
  vllm: { path: "/v1/models", models: (body) => names(body["data"], "id", ownedBy("vllm")) },
  // Each entry says owned_by "llamacpp".
  llamacpp: { path: "/v1/models", models: (body) => names(body["data"], "id", ownedBy("llamacpp")) },
  // Its own list, with "compatibility_type" on each entry: https://lmstudio.ai/docs/api/rest-api
  lmstudio: {
    path: "/api/v0/models",
    models: (body) =>
      names(
        body["data"],
        "id",
        (entry) => typeof entry["compatibility_type"] === "string",
        (entry) => entry["type"] !== "embeddings",
      ),
  },
};

/** Engines that run on this machine with at least one chat model. Takes 300 ms at most; never fails. */
export async function discoverEngines(
  transport: Transport,
  clock: Clock,
  places: readonly EnginePlace[] = usualPlaces,
): Promise<ProviderSettings[]> {
  const found = await Promise.all(
    places.map(async ({ engine, port }) => {
      const probe = probes[engine];
      const origin = `http://127.0.0.1:${port}`;
      const answer = await fetchJson({ origin, path: probe.path }, { transport, clock, deadline, maxBytes });
      const models = answer === undefined || !isForeign(answer) ? undefined : probe.models(answer.body);
      return models === undefined || models.length === 0 ? undefined : engineSettings(engine, origin, models);
    }),
  );
  return found.filter((settings) => settings !== undefined);
}

/** A whole answer of another server than this gateway, which puts its name on everything it answers. */
function isForeign(answer: JsonAnswer): boolean {
  return answer.status === 200 && !Object.keys(answer.headers).some((name) => name.startsWith("entente-"));
}

function engineSettings(engine: EngineName, origin: string, models: readonly string[]): ProviderSettings {
  return engine === "ollama"
    ? { id: engine, kind: "ollama", baseUrl: origin, models }
    : {
        id: engine,
        kind: "openai-compatible",
        baseUrl: `${origin}/v1`,
        quirks: { reasoningField: "reasoning_content" },
        models,
      };
}

type Test = (entry: JsonObject) => boolean;

/** Undefined unless every entry is one of the engine's; at most 200 names of those that `wanted` picks. */
function names(list: Json | undefined, key: string, isOwn: Test, wanted?: Test): string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = new Set<string>();
  for (const entry of list) {
    if (!isJsonObject(entry) || !isOwn(entry)) return undefined;
    const name = entry[key];
    if (found.size < maxModels && isModelName(name) && wanted?.(entry) !== false) found.add(name);
  }
  return [...found];
}

function ownedBy(owner: string): Test {
  return (entry) => entry["owned_by"] === owner;
}

/** Ollama lists embedding models beside the others; all of them are of the BERT families. */
function isNoEmbedder(entry: JsonObject): boolean {
  const details = entry["details"];
  const family = isJsonObject(details) ? details["family"] : undefined;
  return typeof family !== "string" || !family.includes("bert");
}

function isModelName(name: Json | undefined): name is string {
  return typeof name === "string" && /^[\w@./:+-][\w@./:+ -]{0,199}$/.test(name);
}

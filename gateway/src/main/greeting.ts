import type { FirstKeys } from "../identity/first-keys.ts";
import type { Address } from "./listen.ts";

export interface GreetingFacts {
  readonly address: Address;
  /** The port that was asked for by nobody, where it was taken. */
  readonly takenPort: number | undefined;
  readonly dataFolder: string;
  readonly configFile: string | undefined;
  readonly firstKeys: FirstKeys | undefined;
}

/** What a person reads when the gateway has begun to listen. */
export function greeting(facts: GreetingFacts): string {
  const url = `http://${hostText(facts.address.host)}:${facts.address.port}`;
  const lines = [
    "",
    `  Entente listens on ${url}`,
    ...(facts.takenPort === undefined
      ? []
      : [`  (port ${facts.takenPort} is taken; --port chooses another one)`]),
    `  Data folder   ${facts.dataFolder}`,
    `  Config file   ${facts.configFile ?? "none (entente.yaml in this folder, or --config)"}`,
  ];
  if (facts.firstKeys !== undefined) lines.push(...keyLines(facts.firstKeys));
  lines.push(...callLines(url, facts.firstKeys?.project ?? "$ENTENTE_API_KEY"), "");
  return lines.join("\n");
}

/** What was found to call, said when all probes are back. */
export function findings(
  providers: readonly { readonly id: string; readonly models: number }[],
  hints: readonly string[],
): string {
  const real = providers.filter(({ id }) => id !== "sim");
  const names = providers.map(({ id, models }) => `${id} (${models} ${models === 1 ? "model" : "models"})`);
  const lines = [
    `  Providers     ${names.join(", ") || "none"}`,
    ...hints.map((hint) => `                ${hint}`),
  ];
  if (real.length === 0) {
    lines.push(
      "                For more, set a vendor's key and start again (OPENAI_API_KEY, ANTHROPIC_API_KEY,",
      "                AZURE_OPENAI_ENDPOINT with AZURE_OPENAI_API_KEY, GROQ_API_KEY, ...), start an engine here",
      "                (Ollama, vLLM, llama.cpp server, LM Studio), or write an entente.yaml.",
    );
  }
  return `${lines.join("\n")}\n`;
}

function keyLines({ project, admin }: FirstKeys): string[] {
  return [
    "",
    "  Your first keys, shown this once:",
    `    API key     ${project}`,
    `    Admin key   ${admin}`,
  ];
}

function callLines(url: string, key: string): string[] {
  return [
    "",
    "  A first call, to the simulator (no vendor, no cost):",
    "",
    `    curl ${url}/v1/chat/completions \\`,
    `      -H "authorization: Bearer ${key}" -H "content-type: application/json" \\`,
    `      -d '{"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}'`,
    "",
    "    // TypeScript: npm install openai",
    `    const client = new OpenAI({ baseURL: "${url}/v1", apiKey: "${key}" });`,
    `    await client.chat.completions.create({ model: "sim/echo", messages: [{ role: "user", content: "Hello" }] });`,
    "",
    "    # Python: pip install openai",
    `    client = OpenAI(base_url="${url}/v1", api_key="${key}")`,
    `    client.chat.completions.create(model="sim/echo", messages=[{"role": "user", "content": "Hello"}])`,
  ];
}

function hostText(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

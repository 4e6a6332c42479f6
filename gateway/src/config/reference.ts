import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { annotatedConfigSchema } from "./json-schema.ts";

const introduction = `# Configuration

<!-- Made from gateway/src/config/schema.ts by gateway/src/config/reference.ts; a test holds it to the schema. -->

Entente runs with no configuration at all. To change something, write an \`entente.yaml\`. It is looked for in this
order; the first one found counts:

1. the file of \`--config\` or, without it, of \`ENTENTE_CONFIG\`,
2. \`entente.yaml\` or \`entente.yml\` in the folder where \`entente\` is started,
3. the same two in \`$XDG_CONFIG_HOME/entente\` (usually \`~/.config/entente\`).

Saving the file applies it to a running server without breaking a stream. A file with a mistake is not applied: the
last good one stays in force, and the log says what is wrong and where. Only \`listen\`, \`data\`, \`log.pretty\`,
\`limits.headerTimeout\`, \`limits.bodyTimeout\`, \`responses\` and \`discovery.engines\` wait for the next start.

- \`entente config check\` says what is wrong with a file, and what it offers where nothing is.
- \`entente config schema > entente.schema.json\` writes a JSON Schema. With
  \`# yaml-language-server: $schema=entente.schema.json\` as the first line of the file, an editor completes and checks it.

## An example

\`\`\`yaml
providers:
  openai:
    kind: openai
    apiKey: \${OPENAI_API_KEY}
  azure-eu:
    kind: azure
    baseUrl: https://contoso-eu.openai.azure.com
    apiKey: \${AZURE_EU_KEY}
    models: []                # only what stands under channels
  house:
    kind: openai-compatible
    baseUrl: http://10.0.0.5:8000/v1
    models: [llama-3.3-70b]
    price: free

channels:
  - provider: azure-eu
    upstream: our-gpt-4o      # the deployment's name
    model: openai/gpt-4o
    price: {input: 2.50, output: 10, cacheRead: 1.25}

routes:
  # Tried in order.
  chat: [azure-eu/our-gpt-4o, openai/gpt-4o, house/llama-3.3-70b]
  # Nine calls in ten to the house's own engine, the rest to OpenAI; long ones to OpenAI alone.
  cheap:
    steps:
      - channels:
          - {channel: house/llama-3.3-70b, weight: 9}
          - {channel: openai/gpt-4o-mini, weight: 1}
        when: {maxBytes: 200 KB}
      - openai/gpt-4o-mini
\`\`\`

## How values are written

| value | written as |
| --- | --- |
| duration | \`500ms\`, \`30s\`, \`2m\`, \`1h\`, \`30d\`, or a number of milliseconds |
| size | \`64 MiB\`, \`200 KB\`, or a number of bytes |
| price | USD per million units as a decimal, exact to 9 decimals: \`0.15\` |
| time | \`2026-11-01\` (midnight UTC) or \`2026-11-01T08:00:00Z\` |
| from the environment | \`\${NAME}\`, or \`\${NAME:-used where NAME is not set or empty}\`, in any value; \`$\${\` is a plain \`\${\` |

A variable that is not set, and has no default, is an error. A value that comes out empty counts as not set. Inside
\`{ }\` and \`[ ]\`, YAML wants quotes around \`"\${NAME}"\`.

## Environment and flags

A flag goes over its variable, and that over the file.

| flag | variable | in place of |
| --- | --- | --- |
| \`--config <file>\` | \`ENTENTE_CONFIG\` | the search for a file |
| \`--host <address>\` | \`ENTENTE_HOST\` | \`listen.host\` |
| \`--port <number>\` | \`ENTENTE_PORT\` | \`listen.port\` |
| \`--data <folder>\` | \`ENTENTE_DATA\` | \`data\` |
| \`--no-sim\` | | \`sim: false\` |

## Settings

\`<name>\` stands for a name of your choice, \`[]\` for each item of a list. Settings in **bold** are required.

`;

/** docs/config.md. */
export function configReference(): string {
  const schema = annotatedConfigSchema();
  const topics = properties(schema).map(([name, setting]) => topic(name, setting));
  return `${introduction}${topics.join("\n")}`;
}

function topic(name: string, setting: JsonObject): string {
  const rows = settingsBelow(setting, name);
  const head = `### ${name}\n\n${text(setting["description"])}\n`;
  const own = `\n${kindOf(setting)}${defaultOf(setting)}\n`;
  if (rows.length === 0) return `${head}${own}`;
  const table = rows.map(({ path, value, required }) => {
    const label = required ? `**\`${path}\`**` : `\`${path}\``;
    return `| ${label} | ${cell(kindOf(value))}${cell(defaultOf(value))} | ${cell(text(value["description"]))} |`;
  });
  return `${head}\n| setting | value | what it does |\n| --- | --- | --- |\n${table.join("\n")}\n`;
}

interface Row {
  readonly path: string;
  readonly value: JsonObject;
  readonly required: boolean;
}

/** Every setting under this one that has a description, in the schema's order. */
function settingsBelow(setting: JsonObject, path: string): Row[] {
  const rows: Row[] = [];
  const required = setting["required"];
  for (const [name, value] of properties(setting)) {
    rows.push({
      path: `${path}.${name}`,
      value,
      required: Array.isArray(required) && required.includes(name),
    });
    rows.push(...settingsBelow(value, `${path}.${name}`));
  }
  if (isJsonObject(setting["items"])) rows.push(...settingsBelow(setting["items"], `${path}[]`));
  if (isJsonObject(setting["additionalProperties"]))
    rows.push(...settingsBelow(setting["additionalProperties"], `${path}.<name>`));
  if (setting["expected"] === undefined)
    for (const form of alternatives(setting)) {
      // A list is the short form of something that is told in its long form.
      if (form["type"] !== "array") rows.push(...settingsBelow(form, path));
    }
  return rows;
}

function kindOf(setting: JsonObject): string {
  const { expected, const: constant, type, items, additionalProperties } = setting;
  if (typeof expected === "string") return expected;
  if (typeof constant === "string") return `\`${constant}\``;
  if (type === "array") return isJsonObject(items) ? `list of: ${kindOf(items)}` : "list";
  if (isJsonObject(additionalProperties)) return "by name";
  if (type === "object") return "settings";
  if (type === "string") return "text";
  return alternatives(setting).map(kindOf).join(", or ");
}

function defaultOf({ default: value, unit }: JsonObject): string {
  if (value === undefined || typeof value === "object") return "";
  return `; default \`${typeof value === "number" && unit !== undefined ? withUnit(value, unit) : String(value)}\``;
}

const units = {
  milliseconds: [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ],
  bytes: [
    [" GiB", 1024 ** 3],
    [" MiB", 1024 ** 2],
    [" KiB", 1024],
    [" B", 1],
  ],
} as const;

function withUnit(value: number, unit: Json): string {
  const [name, size] = (unit === "bytes" ? units.bytes : units.milliseconds).find(
    ([, size]) => value % size === 0,
  ) ?? ["", 1];
  return `${value / size}${name}`;
}

function properties(setting: JsonObject): [string, JsonObject][] {
  const fields = setting["properties"];
  return isJsonObject(fields)
    ? Object.entries(fields).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
    : [];
}

function alternatives(setting: JsonObject): JsonObject[] {
  return Array.isArray(setting["anyOf"]) ? setting["anyOf"].filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function cell(value: string): string {
  return value.replaceAll("|", "\\|");
}

// Who may import whom inside gateway/src: one map, read top to bottom, checked by `npm run check`.
// A room may always import itself and node: modules. Third-party packages are named where they are allowed.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const steps = ["identity", "policy", "routing", "ledger", "telemetry", "responses"];

/** room -> the rooms it may import; "*" only for the composition root. */
const rooms = {
  core: [],
  framing: ["core"],
  config: ["core"],
  routing: ["core"],
  catalogue: ["core"],
  telemetry: ["core"],
  dialects: ["core", "framing"],
  providers: ["core", "framing", "dialects"],
  storage: ["core"],
  identity: ["core", "storage/port"],
  policy: ["core", "storage/port"],
  ledger: ["core", "storage/port", "storage/settled-call"],
  responses: ["core", "dialects", "storage/port"],
  relay: ["core", "framing", "dialects", "providers", ...steps],
  admin: ["core", "config", "catalogue", "providers", "storage/port", "relay", ...steps],
  http: ["core", "framing", "dialects", "relay", "admin", ...steps],
  main: ["*"],
  cli: ["*"],
};

/** package -> the rooms that may use it; a package not named here may be used in any room but core. */
const packages = {
  undici: ["providers"],
  hono: ["admin"],
  "@hono/node-server": ["admin"],
  "@hono/zod-openapi": ["admin"],
  kysely: ["storage"],
  "node:sqlite": ["storage"],
  commander: ["cli"],
  yaml: ["config"],
  pino: ["telemetry"],
  "prom-client": ["telemetry"],
};

const source = join(dirname(dirname(fileURLToPath(import.meta.url))), "gateway", "src");
const importPattern =
  /\bfrom\s+["']([^"'\n]+)["'];|(?:^|\n)import\s+["']([^"'\n]+)["'];|import\(\s*["']([^"'\n]+)["']\s*\)/g;

const roomOf = (path) => relative(source, path).split(sep)[0].replace(/\.ts$/, "");
const packageOf = (name) =>
  name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : name.split("/")[0];

function refusal(file, name) {
  const room = roomOf(file);
  const allowed = rooms[room];
  if (allowed === undefined) return `room '${room}' is not on the map`;
  if (!name.startsWith(".")) {
    const users = packages[packageOf(name)];
    if (room === "core" && !name.startsWith("node:")) return "core imports no package";
    return users === undefined || users.includes(room)
      ? undefined
      : `only ${users.join(", ")} may use ${name}`;
  }
  const target = resolve(dirname(file), name);
  const inside = relative(source, target);
  if (inside.startsWith("..")) return undefined; // data files and package.json beside src
  if (roomOf(target) === room || allowed.includes("*")) return undefined;
  const permitted = allowed.some((entry) => inside === `${entry}.ts` || inside.startsWith(`${entry}${sep}`));
  return permitted ? undefined : `'${room}' may import only ${allowed.join(", ") || "nothing"}`;
}

let failures = 0;
for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
  const file = join(entry.parentPath, entry.name);
  for (const match of readFileSync(file, "utf8").matchAll(importPattern)) {
    const name = match[1] ?? match[2] ?? match[3];
    const reason = refusal(file, name);
    if (reason === undefined) continue;
    failures += 1;
    console.error(`${relative(source, file)} imports ${name}: ${reason}`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;

// Runs before every npm script, under whatever Node the machine has (20 or later): plain JavaScript, no imports
// outside Node. Installs from the lockfile when node_modules is absent or was made from another lockfile.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".entente-installed");

function lockfileDigest() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function install() {
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  // Standard output stays clean for the command that follows.
  const result = spawnSync(
    command,
    [...first, "ci", "--include=dev", "--include=optional", "--no-fund", "--no-audit"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
    },
  );
  if (result.status !== 0) {
    console.error("entente: `npm ci` failed; its output above says why.");
    process.exit(result.status ?? 1);
  }
}

const digest = lockfileDigest();
const installed = existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : undefined;
if (installed !== digest) {
  console.error("entente: installing dependencies (once)...");
  install();
  writeFileSync(stamp, `${digest}\n`);
}

// Runs before every npm script, under whatever Node the machine has (20 or later): plain JavaScript, no imports
// outside Node. Installs from the lockfile when node_modules is absent or was made from another lockfile.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

/**
 * Starts the gateway once on a folder that is thrown away: what Node compiles and strips of types then is cached, so that
 * the first real start listens as fast as every other. Not needed for anything else, so nothing depends on it.
 */
function warmUp() {
  const folder = mkdtempSync(join(tmpdir(), "entente-setup-"));
  const launcher = join(root, "gateway", "bin", "entente.js");
  spawnSync(process.execPath, [launcher, "start", "--data", folder, "--port", "0"], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: "ignore",
    timeout: 4000,
  });
  rmSync(folder, { recursive: true, force: true });
}

const digest = lockfileDigest();
const installed = existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : undefined;
if (installed !== digest) {
  console.error("entente: installing dependencies (once)...");
  install();
  warmUp();
  writeFileSync(stamp, `${digest}\n`);
}

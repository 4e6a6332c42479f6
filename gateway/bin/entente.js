#!/usr/bin/env node
// Launcher: plain JavaScript that any Node can parse. Re-executes under the pinned Node where the machine's own is
// too old, and runs the built files of a published package or, in a checkout, the TypeScript sources.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire, enableCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

function isSupported(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 15);
}

function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/package.json`);
    const binary = join(dirname(manifest), "bin", "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

if (isSupported(process.versions.node)) {
  // Compiled code and stripped types of the last start: half of the time to listening.
  enableCompileCache();
  const built = join(here, "..", "dist", "cli", "entente.js");
  await import(pathToFileURL(existsSync(built) ? built : join(here, "..", "src", "cli", "entente.ts")).href);
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(`entente needs Node 24.15 or later; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ConfigError } from "../../src/config/config-error.ts";
import type { Surroundings } from "../../src/config/config-paths.ts";
import type { Environment } from "../../src/config/interpolate.ts";
import { type LoadedConfig, loadConfig } from "../../src/config/load-config.ts";

/** A folder of its own for one test, gone after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "entente-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that runs in a folder with that entente.yaml, and has no other. */
export function surroundingsWith(yaml: string | undefined, environment: Environment = {}): Surroundings {
  const folder = temporaryFolder();
  if (yaml !== undefined) writeFileSync(join(folder, "entente.yaml"), yaml);
  return { environment, workingFolder: folder, homeFolder: join(folder, "home") };
}

export function loadText(yaml: string, environment: Environment = {}): Promise<LoadedConfig> {
  return loadConfig({}, surroundingsWith(yaml, environment));
}

/** The problems of a file that must have some, each as `line:column path: message`. */
export async function problemsOf(yaml: string, environment: Environment = {}): Promise<string[]> {
  const error: unknown = await loadText(yaml, environment).catch((error: unknown) => error);
  if (!(error instanceof ConfigError)) throw new Error("the file was taken as valid");
  return error.problems.map(({ path, message, position }) => {
    const place = position === undefined ? "?" : `${position.line}:${position.column}`;
    return `${place} ${path}: ${message}`;
  });
}

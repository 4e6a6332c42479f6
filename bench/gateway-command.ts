import { join } from "node:path";

const launcher = join(import.meta.dirname, "..", "gateway", "bin", "entente.js");

/** This repository's gateway, as words to start a process with. */
export const ownGateway: readonly string[] = [process.execPath, launcher];

export interface Places {
  readonly config: string;
  readonly data: string;
  readonly port: number;
  readonly upstream: number;
}

/** Fills in `{config}`, `{data}`, `{port}` and `{upstream}`; a command that names none of them takes our own flags. */
export function startWords(command: readonly string[], places: Places): string[] {
  const values: ReadonlyMap<string, string> = new Map(
    Object.entries(places).map(([name, value]) => [`{${name}}`, String(value)]),
  );
  const pattern = /\{(?:config|data|port|upstream)\}/g;
  if (command.some((word) => word.search(pattern) >= 0)) {
    return command.map((word) => word.replaceAll(pattern, (name) => values.get(name) ?? name));
  }
  const { config, data, port } = places;
  return [...command, "start", "--config", config, "--data", data, "--port", String(port)];
}

/** Vendor keys of whoever runs the bench stay out of it. */
export function plainEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG"];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

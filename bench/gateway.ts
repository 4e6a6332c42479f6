import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, cores, start } from "./child.ts";
import { freePort } from "./free-port.ts";
import { ownGateway, plainEnvironment, startWords } from "./gateway-command.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { listening } from "./listening.ts";
import type { Options } from "./options.ts";
import type { Subject } from "./subject.ts";
import { type LedgerSums, ledgerSums } from "./usage-answer.ts";

export interface Gateway extends Subject {
  readonly child: Child;
  readonly data: string;
}

/** The first key, printed once at the first start. */
const keyPattern = /\bent-[A-Za-z0-9]{40}\b/;

/** A gateway with a fresh data folder on the subject's core, everything governed: key, price, ledger, log, metrics. */
export async function startGateway(upstream: number, directory: string, options: Options): Promise<Gateway> {
  const port = await freePort();
  const data = join(directory, "data");
  const config = join(directory, "entente.yaml");
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(config, gatewayConfig(upstream, options.model));
  const child = start({
    command: startWords(options.gatewayCommand ?? ownGateway, { config, data, port, upstream }),
    log: join(directory, "gateway.log"),
    directory,
    environment: plainEnvironment(),
    ...(cores === undefined ? {} : { core: cores.subject }),
  });
  await listening(child, port, 60_000);
  const key = options.key ?? (await child.says(keyPattern, 10_000))[0];
  return {
    name: "entente",
    port,
    pid: child.pid,
    header: `authorization: Bearer ${key}`,
    model: options.model,
    child,
    data,
  };
}

/** What is in the ledger of a gateway that has stopped. @throws Error where the command does not tell. */
export function readLedger(data: string, directory: string): LedgerSums {
  const words = [...ownGateway.slice(1), "usage", "--json", "--data", data];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: directory,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`\`entente usage\` failed: ${stderr.slice(-2000)}`);
  return ledgerSums(stdout);
}

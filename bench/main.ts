import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endAll, killAll } from "./child.ts";
import { checkCounts } from "./counts.ts";
import { readLedger, startGateway } from "./gateway.ts";
import { LoadRunner } from "./load.ts";
import { machineFacts } from "./machine.ts";
import { measureCalls } from "./measures/calls.ts";
import { measureLatency } from "./measures/latency.ts";
import { measureMemory } from "./measures/memory.ts";
import { proxies, type Setting } from "./measures/setting.ts";
import { measureStartUp } from "./measures/start-up.ts";
import { measureStreams } from "./measures/streams.ts";
import { nativeTool } from "./native-tool.ts";
import { nginxVersion, startNginx } from "./nginx.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { watchOtherWork } from "./other-work.ts";
import { replaceRecord } from "./record.ts";
import type { Row } from "./row.ts";
import { renderTable } from "./table.ts";
import { startUpstream } from "./upstream.ts";

const page = join(import.meta.dirname, "..", "docs", "performance.md");

async function measure(setting: Setting, directory: string, isOwn: boolean): Promise<Row[]> {
  const steps: (readonly [string, () => Promise<Row[]>])[] = [
    ["time to listening", async () => (isOwn ? measureStartUp(directory) : [])],
    ["calls, 32 at once", () => measureCalls(setting, 32)],
    ["calls, 64 at once", () => measureCalls(setting, 64)],
    ["latency", () => measureLatency(setting)],
    ["streams", () => measureStreams(setting)],
    ["memory", () => measureMemory(setting)],
  ];
  console.error("warming up ...");
  // A server runs for weeks: what counts is its speed once the engine has compiled what is hot.
  const seconds = setting.quick ? 5 : 15;
  for (const subject of proxies(setting)) await setting.load.run(subject, { connections: 32, seconds });
  const rows: Row[] = [];
  for (const [name, step] of steps) {
    console.error(`measuring ${name} ...`);
    rows.push(...(await step()));
  }
  return rows;
}

async function bench(options: Options, directory: string): Promise<string> {
  const facts = machineFacts(directory);
  const otherWork = watchOtherWork();
  const tool = nativeTool();
  const upstream = await startUpstream(tool, directory);
  const gateway = await startGateway(upstream.port, directory, options);
  if (nginxVersion() === undefined)
    console.error("nginx is not installed: measured without it, ratios left out.");
  const nginx = nginxVersion() === undefined ? undefined : await startNginx(upstream.port, directory);
  const load = new LoadRunner(tool, directory);
  const setting: Setting = {
    load,
    gateway,
    direct: { name: "direct", port: upstream.port, model: "gpt-4o-mini" },
    pairs: options.pairs,
    quick: options.quick,
    ...(nginx === undefined ? {} : { nginx }),
  };
  const isOwn = options.gatewayCommand === undefined;
  const rows = await measure(setting, directory, isOwn);
  await gateway.child.end();
  const counts = checkCounts({
    sent: [...load.calls.values()].reduce((sum, calls) => sum + calls, 0),
    throughGateway: load.calls.get("entente") ?? 0,
    upstream: await upstream.stop(),
    ...(isOwn ? { ledger: readLedger(gateway.data, directory) } : {}),
  });
  await endAll();
  const date = new Date().toISOString().slice(0, 10);
  const others = otherWork();
  const busy = others > 0.1 ? ": too much for numbers to keep" : "";
  const how = `${date}, medians of ${options.pairs} pairs${options.quick ? " (quick)" : ""}.`;
  return `${renderTable(rows)}\n\n${[how, ...facts, `Other processes took ${Math.round(others * 100)} % of the machine meanwhile${busy}.`, counts].map((fact) => `- ${fact}`).join("\n")}`;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "entente-bench-"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  process.once("exit", () => {
    killAll();
    rmSync(directory, { recursive: true, force: true });
  });
  try {
    const record = await bench(options, directory);
    console.log(record);
    if (options.write) {
      const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`.trim();
      writeFileSync(
        page,
        replaceRecord(readFileSync(page, "utf8"), `${record}\n- Repeat with \`${command}\``),
      );
    }
  } finally {
    await endAll();
  }
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { start } from "../child.ts";
import { freePort } from "../free-port.ts";
import { ownGateway, plainEnvironment } from "../gateway-command.ts";
import { listening } from "../listening.ts";
import { atMost, type Row } from "../row.ts";
import { median } from "../statistics.ts";

const starts = 5;

/**
 * From starting the process to the first connection it takes: nothing configured, a data folder that does not exist
 * yet, whichever cores are free.
 */
async function timeOneStart(directory: string): Promise<number> {
  const folder = mkdtempSync(join(directory, "start-"));
  const port = await freePort();
  const before = performance.now();
  const child = start({
    command: [...ownGateway, "start", "--data", join(folder, "data"), "--port", String(port)],
    log: join(folder, "log"),
    directory: folder,
    environment: plainEnvironment(),
  });
  await listening(child, port, 60_000);
  const elapsed = performance.now() - before;
  await child.end();
  return elapsed;
}

export async function measureStartUp(directory: string): Promise<Row[]> {
  const times: number[] = [];
  for (let count = 0; count < starts; count += 1) times.push(await timeOneStart(directory));
  const gateway = median(times);
  return [
    {
      name: `Time to listening, first start, median of ${starts}`,
      unit: "ms",
      gateway,
      goal: atMost(gateway, 500, "at most 500 ms"),
    },
  ];
}

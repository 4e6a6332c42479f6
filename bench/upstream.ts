import { join } from "node:path";
import { type Child, cores, start } from "./child.ts";

export interface UpstreamCounts {
  readonly answered: number;
  readonly streamed: number;
  readonly aborted: number;
  readonly refused: number;
}

export interface Upstream {
  readonly port: number;
  /** Stops it and tells what it has done. */
  stop(): Promise<UpstreamCounts>;
}

export async function startUpstream(tool: string, directory: string): Promise<Upstream> {
  const child: Child = start({
    command: [tool, "upstream"],
    log: join(directory, "upstream.log"),
    ...(cores === undefined ? {} : { core: cores.tools }),
  });
  const [, port] = await child.says(/^\{"port":(\d+)\}$/m, 5000);
  return {
    port: Number(port),
    async stop() {
      await child.end();
      return JSON.parse((await child.says(/^\{"accepted":.*\}$/m, 0))[0]) as UpstreamCounts;
    },
  };
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayOptions, startGateway } from "../../src/main.ts";

export interface OpenGateway {
  /** Without a trailing slash. */
  readonly url: string;
  readonly key: string;
  readonly adminKey: string;
  readonly folder: string;
  /** Where its config file is; writing it reloads. */
  readonly configFile: string;
  stop(): Promise<void>;
}

export interface OpenGatewayOptions extends Pick<GatewayOptions, "azureTokens"> {
  /** Text of entente.yaml, less what every test needs. */
  readonly config?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a test's gateway is told besides: no search for engines of this machine, no log. */
const quiet = "discovery: {engines: false}\nlog: {level: silent}\n";

/** A whole gateway in this process, on a free port, with a data folder of its own. */
export async function openGateway(options: OpenGatewayOptions = {}): Promise<OpenGateway> {
  const folder = await mkdtemp(join(tmpdir(), "entente-test-"));
  const configFile = join(folder, "entente.yaml");
  await writeFile(configFile, quiet + (options.config ?? ""));
  let printed = "";
  const gateway = await startGateway({
    config: configFile,
    data: join(folder, "data"),
    port: 0,
    surroundings: { environment: options.environment ?? {}, workingFolder: folder, homeFolder: folder },
    print: (text) => {
      printed += text;
    },
    ...(options.azureTokens === undefined ? {} : { azureTokens: options.azureTokens }),
  });
  const [key, adminKey] = [/ent-[0-9A-Za-z]{40}/, /ent-admin-[0-9A-Za-z]{40}/].map(
    (pattern) => pattern.exec(printed)?.[0],
  );
  if (key === undefined || adminKey === undefined) throw new Error("the greeting has no keys");
  await gateway.discovered;
  return {
    url: `http://127.0.0.1:${gateway.address.port}`,
    key,
    adminKey,
    folder,
    configFile,
    async stop() {
      await gateway.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

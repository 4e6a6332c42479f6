import { openCatalogue } from "./catalogue/catalogue.ts";
import { nearestNames } from "./catalogue/nearest.ts";
import { processSurroundings, type Surroundings } from "./config/config-paths.ts";
import { type ConfigFlags, loadConfig } from "./config/load-config.ts";
import { systemClock } from "./core/clock.ts";
import type { ChatDialect } from "./core/dialect.ts";
import type { ChatDialectId } from "./core/extra.ts";
import { randomToken } from "./core/ids.ts";
import { anthropicMessages } from "./dialects/anthropic-messages/dialect.ts";
import { openaiChat } from "./dialects/openai-chat/dialect.ts";
import { openaiResponses } from "./dialects/openai-responses/dialect.ts";
import { createListener } from "./http/listener.ts";
import type { Site } from "./http/site.ts";
import { createFirstKeys } from "./identity/first-keys.ts";
import { Keyring } from "./identity/keyring.ts";
import { adminDoor } from "./main/admin-door.ts";
import { closeServer } from "./main/close-server.ts";
import { findings, greeting } from "./main/greeting.ts";
import { type Address, listen } from "./main/listen.ts";
import { LiveConfig } from "./main/live-config.ts";
import { openAccounts } from "./main/open-accounts.ts";
import { packageVersion } from "./main/version.ts";
import type { ProviderDependencies } from "./providers/kinds/dependencies.ts";
import { createSimulator } from "./providers/sim/simulator.ts";
import { createTransport } from "./providers/transport.ts";
import type { House } from "./relay/house.ts";
import { BackgroundCalls } from "./responses/background.ts";
import { Conversations } from "./responses/conversations.ts";
import { HealthBook } from "./routing/health.ts";
import { defaultRetryBudgetPolicy, RetryBudget } from "./routing/retry-budget.ts";
import { openLog } from "./telemetry/log.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { openTelemetryOf } from "./telemetry/telemetry.ts";

export interface GatewayOptions extends ConfigFlags {
  /** Absent: this process. */
  readonly surroundings?: Surroundings;
  /** Where the greeting goes. Absent: standard output. */
  readonly print?: (text: string) => void;
  /** Where Azure tokens come from. Absent: the identity that @azure/identity finds on this machine. */
  readonly azureTokens?: ProviderDependencies["azureTokens"];
}

export interface Gateway {
  readonly address: Address;
  /** Resolves when the engines of this machine are known. */
  readonly discovered: Promise<void>;
  stop(): Promise<void>;
}

const dialects: Readonly<Record<ChatDialectId, ChatDialect>> = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
};

/** Builds everything once, passes it down and listens. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const clock = systemClock;
  const surroundings = options.surroundings ?? processSurroundings();
  const print = options.print ?? ((text: string) => void process.stdout.write(text));
  const loaded = await loadConfig(options, surroundings);
  const { config } = loaded;
  const pretty = config.log.pretty ?? process.stdout.isTTY;
  const { log, setLevel, flush } = await openLog({ level: config.log.level, pretty });

  const upstream = createTransport({ clock, connections: config.limits.inFlight });
  const simulator = createSimulator({ clock, dialects, token: randomToken, random: Math.random });
  const health = new HealthBook({ now: () => clock.now(), random: Math.random });
  let retries = new RetryBudget({ ...defaultRetryBudgetPolicy, ratio: config.retries.budget });
  const live = new LiveConfig(
    {
      flags: options,
      surroundings,
      catalogue: openCatalogue(),
      dependencies: {
        transport: upstream.transport,
        clock,
        simulator,
        ...(options.azureTokens === undefined ? {} : { azureTokens: options.azureTokens }),
      },
      nearest: nearestNames,
      clock,
      log,
      onPlan: (plan, next) => {
        health.retain(plan.directory.channels);
        setLevel(next.config.log.level);
        retries = new RetryBudget({ ...defaultRetryBudgetPolicy, ratio: next.config.retries.budget });
      },
    },
    loaded,
  );

  const { store, ledger } = await openAccounts(config.data, clock, log, () => live.plan.directory.channels);
  const firstKeys = await createFirstKeys(store.keys, { clock, random: randomToken });
  const keyring = await Keyring.open({
    keys: store.keys,
    clock,
    onNews: (news) =>
      news.kind === "fresh"
        ? log.info({}, "the store answers again; keys are current")
        : log.error(
            { ms: Math.round(news.milliseconds), error: news.error },
            "keys cannot be refreshed; known ones go on",
          ),
  });

  const metrics = new Metrics({ channels: () => health.snapshot(), ledgerPending: () => ledger.pending });
  const telemetry = await openTelemetryOf({
    log,
    metrics,
    version: packageVersion(),
    environment: surroundings.environment,
  });
  const onError = (id: string, error: unknown) =>
    log.error({ requestId: id, error }, "something failed here");
  const conversations = new Conversations({
    store: store.responses,
    clock,
    retention: config.responses.retention,
  });
  const house: House = {
    clock,
    token: randomToken,
    random: Math.random,
    dialects,
    identify: (headers) => keyring.identify(headers),
    plan: () => live.plan,
    health,
    get retries() {
      return retries;
    },
    ledger,
    conversations,
    observer: telemetry.observer,
    onError,
    running: new Set(),
    inFlightLimit: () => live.loaded.config.limits.inFlight,
    get keepAlive() {
      return live.loaded.config.limits.keepAlive;
    },
  };

  let stopping = false;
  const unready = () => [
    ...(stopping ? ["the server is stopping"] : []),
    ...(store.healthy ? [] : ["the store is not healthy"]),
  ];
  const background = new BackgroundCalls({
    shelf: conversations,
    clock,
    randomToken,
    maximumRunning: 1000,
    onError,
  });
  const door = adminDoor({ clock, store, keyring, health, live, ledger, unready, onError });
  const site: Site = {
    house,
    bodyLimit: () => live.loaded.config.limits.bodyBytes,
    readTimeout: () => live.loaded.config.limits.readTimeout,
    unready,
    metrics: async () => ({ type: metrics.contentType, text: await metrics.text() }),
    authorizeOperator: (request) => door.authorizeOperator(request),
    admin: (request, response) => door.admin(request, response),
    conversations,
    background,
    stopping: () => stopping,
  };
  const server = createListener(site, {
    headers: config.limits.headerTimeout,
    request: config.limits.bodyTimeout,
    onError,
  });
  const address = await listen(server, config.listen, loaded.portChosen);

  const takenPort =
    address.port === config.listen.port || config.listen.port === 0 ? undefined : config.listen.port;
  print(greeting({ address, takenPort, dataFolder: config.data, configFile: loaded.file, firstKeys }));
  live.watch();
  const discovered = live.findEngines().then(() => {
    const providers = [...live.plan.providers.keys()].map((id) => ({
      id,
      models: live.plan.compiled.channels.filter(({ provider }) => provider === id).length,
    }));
    print(findings(providers, live.hints));
    if (house.running.size === 0) door.prepare();
  });
  process.on("exit", flush);
  const expiry = setInterval(() => {
    store.responses.expire(clock.now()).catch((error: unknown) => onError("expiry", error));
  }, 3_600_000);
  expiry.unref();

  return {
    address,
    discovered,
    async stop() {
      stopping = true;
      clearInterval(expiry);
      live.close();
      await closeServer(server, house.running, background, live.loaded.config.limits.shutdownGrace);
      await ledger
        .flush(10_000)
        .catch((error: unknown) => log.error({ error }, "some calls wait in the journal"));
      ledger.close();
      keyring.close();
      await store.close();
      await upstream.close(1000);
      await telemetry.close();
      flush();
      process.off("exit", flush);
    },
  };
}

import { createAdminApp } from "../../src/admin/admin-app.ts";
import type { AdminHouse } from "../../src/admin/admin-house.ts";
import type { Channel } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import type { Route } from "../../src/core/route.ts";
import { Directory } from "../../src/routing/directory.ts";
import { HealthBook } from "../../src/routing/health.ts";
import type { RequestQuery, RequestRow, StoredKey, UsageQuery, UsageSum } from "../../src/storage/port.ts";

export const adminKey = "ent-admin-test";
export const now = Date.UTC(2026, 10, 23, 12);

const channels: readonly Channel[] = [
  {
    id: "openai/gpt-4o",
    provider: "openai",
    model: "openai/gpt-4o",
    upstream: "gpt-4o",
    price: { input: 2_500_000_000n, tiers: [{ above: 200_000, prices: { input: 5_000_000_000n } }] },
    limits: { contextTokens: 128_000, inFlight: 5 },
    lacks: ["audio"],
    from: 0,
  },
  { id: "azure/prod", provider: "azure", model: "openai/gpt-4o", upstream: "prod", limits: {}, lacks: [] },
  {
    id: "sim/text",
    provider: "sim",
    model: "sim/text",
    upstream: "text",
    price: "free",
    limits: {},
    lacks: [],
  },
];
const routes: readonly Route[] = [
  {
    name: "fast",
    attempts: 2,
    steps: [
      {
        channels: [{ channel: "sim/text", weight: 1 }],
        when: { features: ["tools"], headers: { "x-a": "b" }, minBytes: 1 },
      },
      { channels: [{ channel: "gone/x", weight: 2 }] },
    ],
  },
];

export function requestRow(more: Partial<RequestRow> = {}): RequestRow {
  return {
    id: "req_1",
    at: now - 2000,
    endedAt: now,
    firstEventAfter: 300,
    keyId: "key_1",
    project: "default",
    model: "gpt-4o",
    channel: "openai/gpt-4o",
    provider: "openai",
    dialect: "openai-chat",
    stream: true,
    inputBytes: 100,
    outcome: "success",
    attempts: 1,
    usage: {
      inputTokens: 10,
      outputTokens: 5,
      extra: { dialect: "openai-chat", fields: { secret: "of the vendor" } },
    },
    usageSource: "reported",
    free: false,
    cost: [{ unit: "input", quantity: 10, price: 2_500_000_000n, amount: 25_000n }],
    amount: 25_000n,
    ...more,
  };
}

/** A house with a store in memory. `refuse` stands for the keyring's judgement. */
export function setUp(more: { readonly refuse?: Fault; readonly access?: "loopback" | "network" } = {}) {
  const keys: StoredKey[] = [];
  const rows: RequestRow[] = [];
  const sums: UsageSum[] = [];
  const asked: { usage: UsageQuery[]; requests: RequestQuery[] } = { usage: [], requests: [] };
  const errors: unknown[] = [];
  const refreshes: number[] = [];
  const judged: { authorization: string | undefined; address: string | undefined }[] = [];
  const clock: Clock = { now: () => now, monotonic: () => 0, after: () => () => {} };
  const health = new HealthBook({ now: () => now, random: () => 1 });
  const directory = new Directory({ channels, routes, nearest: () => ["gpt-4o"] });
  let tokens = 0;
  const house: AdminHouse = {
    version: "1.2.3",
    clock,
    random: (length) => `${(tokens += 1)}`.padStart(length, "x"),
    store: {
      keys: {
        create: (key) => Promise.resolve(void keys.push(key)),
        list: () => Promise.resolve([...keys]),
        revoke: (id, at) => {
          const index = keys.findIndex((key) => key.id === id);
          const key = keys[index];
          if (key === undefined) return Promise.resolve(false);
          keys[index] = { ...key, revokedAt: at };
          return Promise.resolve(true);
        },
      },
      calls: {
        usage: (query) => {
          asked.usage.push(query);
          return Promise.resolve(sums);
        },
        requests: (query) => {
          asked.requests.push(query);
          const { before = Infinity, beforeId = "", id, limit } = query;
          const matching = rows.filter(
            (row) =>
              (id === undefined || row.id === id) &&
              (row.at < before || (row.at === before && row.id < beforeId)),
          );
          return Promise.resolve(matching.slice(0, limit));
        },
      },
    },
    keyring: { refresh: () => Promise.resolve(void refreshes.push(keys.length)) },
    health,
    directory: () => directory,
    providers: () =>
      new Map(["openai", "azure", "sim"].map((id) => [id, { id, kind: id === "sim" ? "sim" : "openai" }])),
    config: () => ({ file: "entente.yaml", settings: { listen: { port: 8080 } } }),
    unready: () => [],
    ledgerPending: () => 3,
    authorize: (headers, address) => {
      judged.push({ authorization: headers["authorization"], address });
      if (more.refuse !== undefined) throw more.refuse;
      if (headers["authorization"] !== `Bearer ${adminKey}`) throw new Fault("invalid_key");
    },
    loopbackOnly: () => (more.access ?? "loopback") === "loopback",
    onError: (_, error) => void errors.push(error),
  };
  const app = createAdminApp(house);
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await app.request(
      `http://localhost:8080/admin/v1${path}`,
      {
        method,
        headers: {
          host: "localhost:8080",
          authorization: `Bearer ${adminKey}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      },
      { incoming: { socket: { remoteAddress: "127.0.0.1" } } },
    );
    const text = await answer.text();
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    return {
      status: answer.status,
      headers: answer.headers,
      body: parsed,
    };
  };
  return { house, call, health, directory, keys, rows, sums, asked, errors, refreshes, judged };
}

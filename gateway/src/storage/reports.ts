import { type Kysely, type RawBuilder, sql } from "kysely";
import { type CostRow, costFromRows } from "../core/cost-json.ts";
import type { RequestQuery, RequestRow, UsageQuery, UsageSum } from "./port.ts";
import type { CallTable, Tables } from "./tables.ts";

const groups = { model: "model", key: "key_id", project: "project", channel: "channel" } as const;
const day = 86_400_000;

function isoDay(daysSince1970: bigint): string {
  return new Date(Number(daysSince1970) * day).toISOString().slice(0, 10);
}

function known<Name extends string>(name: Name, sum: bigint | null): { [N in Name]?: number } {
  return sum === null ? {} : ({ [name]: Number(sum) } as { [N in Name]?: number });
}

export async function usage(database: Kysely<Tables>, query: UsageQuery): Promise<UsageSum[]> {
  const { by } = query;
  const group: RawBuilder<bigint | string> =
    by === "day" ? sql<bigint>`at / ${sql.lit(day)}` : sql.ref<string>(groups[by]);
  let calls = database.selectFrom("calls");
  if (query.from !== undefined) calls = calls.where("at", ">=", BigInt(Math.ceil(query.from)));
  if (query.until !== undefined) calls = calls.where("at", "<", BigInt(Math.ceil(query.until)));
  const rows = await calls
    .select(({ fn }) => [
      group.as("name"),
      fn.countAll<bigint>().as("calls"),
      sql<bigint>`sum(CASE WHEN outcome IN ('success', 'cancelled') THEN 0 ELSE 1 END)`.as("failed"),
      sql<bigint>`sum(CASE WHEN usage_source = 'estimated' THEN 1 ELSE 0 END)`.as("estimated"),
      fn.sum<bigint | null>("input_tokens").as("input"),
      fn.sum<bigint | null>("output_tokens").as("output"),
      fn.sum<bigint | null>("cache_read_tokens").as("cacheRead"),
      fn.sum<bigint>("amount").as("cost"),
    ])
    .groupBy(group)
    .orderBy(group)
    .execute();
  return rows.map((row) => ({
    group: typeof row.name === "bigint" ? isoDay(row.name) : row.name,
    calls: Number(row.calls),
    failed: Number(row.failed),
    estimated: Number(row.estimated),
    ...known("inputTokens", row.input),
    ...known("outputTokens", row.output),
    ...known("cacheReadTokens", row.cacheRead),
    cost: row.cost,
  }));
}

function toRequest(row: CallTable): RequestRow {
  return {
    id: row.id,
    at: Number(row.at),
    endedAt: Number(row.ended_at),
    keyId: row.key_id,
    project: row.project,
    model: row.model,
    channel: row.channel,
    provider: row.provider,
    dialect: row.dialect as RequestRow["dialect"],
    stream: row.stream !== 0n,
    inputBytes: Number(row.input_bytes),
    outcome: row.outcome as RequestRow["outcome"],
    ...(row.error === null ? {} : { error: row.error }),
    attempts: Number(row.attempts),
    ...(row.first_event_after === null ? {} : { firstEventAfter: row.first_event_after }),
    usageSource: row.usage_source as RequestRow["usageSource"],
    ...(row.estimate_method === null ? {} : { estimateMethod: row.estimate_method }),
    ...(row.usage === null ? {} : { usage: JSON.parse(row.usage) as NonNullable<RequestRow["usage"]> }),
    free: row.free !== 0n,
    amount: row.amount,
    cost: costFromRows(JSON.parse(row.cost) as CostRow[]),
  };
}

export async function requests(database: Kysely<Tables>, query: RequestQuery): Promise<RequestRow[]> {
  const { before, beforeId } = query;
  let calls = database.selectFrom("calls").selectAll();
  if (query.id !== undefined) calls = calls.where("id", "=", query.id);
  if (before !== undefined) {
    const at = BigInt(Math.ceil(before));
    calls =
      beforeId === undefined
        ? calls.where("at", "<", at)
        : calls.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple(at, beforeId)));
  }
  const rows = await calls.orderBy("at", "desc").orderBy("id", "desc").limit(query.limit).execute();
  return rows.map(toRequest);
}

export function balances(database: Kysely<Tables>): Promise<{ account: string; amount: bigint }[]> {
  return database
    .selectFrom("postings")
    .select(({ fn }) => ["account", fn.sum<bigint>("amount").as("amount")])
    .groupBy("account")
    .orderBy("account")
    .execute();
}

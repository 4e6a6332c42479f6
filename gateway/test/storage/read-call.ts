import { type CostRow, costFromRows } from "../../src/core/cost-json.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import type { Posting, SettledCall } from "../../src/storage/port.ts";
import { callColumns } from "../../src/storage/settled-call.ts";

type Line = ["s", unknown[], [account: string, amount: string, at: number][]];

/** What the text of a settled call says, told by the names of its columns. */
export function readCall({ id, text }: SettledCall): {
  readonly settlement: Settlement;
  readonly postings: readonly Posting[];
} {
  const [, values, lines] = JSON.parse(text) as Line;
  const row = new Map(callColumns.map((name, index) => [name, values[index]]));
  const optional = (name: string, value: unknown) => (value === null ? {} : { [name]: value });
  const usage = row.get("usage") as string | null;
  const settlement = {
    id: row.get("id"),
    at: row.get("at"),
    endedAt: row.get("ended_at"),
    keyId: row.get("key_id"),
    project: row.get("project"),
    model: row.get("model"),
    channel: row.get("channel"),
    provider: row.get("provider"),
    dialect: row.get("dialect"),
    stream: row.get("stream") === 1,
    inputBytes: row.get("input_bytes"),
    outcome: row.get("outcome"),
    ...optional("error", row.get("error")),
    attempts: row.get("attempts"),
    ...optional("firstEventAfter", row.get("first_event_after")),
    usageSource: row.get("usage_source"),
    ...optional("estimateMethod", row.get("estimate_method")),
    ...(usage === null ? {} : { usage: JSON.parse(usage) as Settlement["usage"] }),
    free: row.get("free") === 1,
    cost: costFromRows(JSON.parse(row.get("cost") as string) as CostRow[]),
  } as Settlement;
  const postings = lines.map(([account, amount, at]) => ({
    transaction: id,
    account,
    amount: BigInt(amount),
    at,
  }));
  return { settlement, postings };
}

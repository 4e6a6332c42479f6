import type { Surroundings } from "../config/config-paths.ts";
import { systemClock } from "../core/clock.ts";
import { formatDollars } from "../core/format-dollars.ts";
import type { UsageQuery, UsageSum } from "../storage/port.ts";
import { type StoreFlags, withStore } from "./command-store.ts";
import { formatCount } from "./format-values.ts";
import { readPast } from "./read-moment.ts";
import { renderTable } from "./table.ts";
import { type Terminal, writeJson } from "./terminal.ts";

export interface UsageFlags extends StoreFlags {
  readonly by: UsageQuery["by"];
  readonly from?: string;
  readonly until?: string;
  readonly json?: true;
}

/** `entente usage` */
export async function usageCommand(
  flags: UsageFlags,
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<void> {
  const now = systemClock.now();
  const query: UsageQuery = {
    by: flags.by,
    ...(flags.from === undefined ? {} : { from: readPast("--from", flags.from, now) }),
    ...(flags.until === undefined ? {} : { until: readPast("--until", flags.until, now) }),
  };
  const { sums, names } = await withStore(flags, surroundings, terminal, async (store) => ({
    sums: await store.calls.usage(query),
    names: new Map(flags.by === "key" ? (await store.keys.list()).map(({ id, name }) => [id, name]) : []),
  }));
  if (flags.json === true) {
    writeJson(
      terminal,
      sums.map((sum) => describeSum(sum, names.get(sum.group))),
    );
  } else if (sums.length === 0) terminal.note("No calls in that time.\n");
  else terminal.out(usageTable(flags.by, sums, names, terminal.columns));
}

function usageTable(
  by: string,
  sums: readonly UsageSum[],
  names: ReadonlyMap<string, string>,
  width: number | undefined,
): string {
  const counts = ["calls", "failed", "estimated", "input", "cached", "output", "cost (USD)"];
  const columns = [{ title: by }, ...counts.map((title) => ({ title, align: "right" as const }))];
  const rows = [...sums, ...(sums.length > 1 ? [total(sums)] : [])].map((sum) => {
    const name = names.get(sum.group);
    return [
      name === undefined ? sum.group : `${name} (${sum.group})`,
      formatCount(sum.calls),
      formatCount(sum.failed),
      formatCount(sum.estimated),
      formatCount(sum.inputTokens),
      formatCount(sum.cacheReadTokens),
      formatCount(sum.outputTokens),
      formatDollars(sum.cost),
    ];
  });
  return renderTable(columns, rows, width);
}

function total(sums: readonly UsageSum[]): UsageSum {
  const add = (pick: (sum: UsageSum) => number) => sums.reduce((result, sum) => result + pick(sum), 0);
  const inputTokens = addKnown(sums.map((sum) => sum.inputTokens));
  const outputTokens = addKnown(sums.map((sum) => sum.outputTokens));
  const cacheReadTokens = addKnown(sums.map((sum) => sum.cacheReadTokens));
  return {
    group: "total",
    calls: add((sum) => sum.calls),
    failed: add((sum) => sum.failed),
    estimated: add((sum) => sum.estimated),
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    cost: sums.reduce((result, { cost }) => result + cost, 0n),
  };
}

/** Undefined where nothing is known; unknown is not 0. */
function addKnown(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
}

function describeSum({ cost, ...sum }: UsageSum, name: string | undefined): Record<string, unknown> {
  return { ...sum, ...(name === undefined ? {} : { name }), costUsd: formatDollars(cost) };
}

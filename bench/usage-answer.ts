export interface LedgerSums {
  readonly calls: number;
  readonly failed: number;
  /** Calls whose usage the vendor did not report. */
  readonly estimated: number;
}

/** What `entente usage --json` tells, all its rows together. @throws Error where it is not that. */
export function ledgerSums(text: string): LedgerSums {
  const rows = JSON.parse(text) as unknown;
  if (!Array.isArray(rows)) throw new Error(`the usage is no list: ${text.slice(0, 200)}`);
  const sum = (name: keyof LedgerSums): number =>
    rows.reduce((total: number, row: Readonly<Record<string, unknown>> | null) => {
      const count = row?.[name];
      if (typeof count !== "number")
        throw new Error(`a row without '${name}' in the usage: ${JSON.stringify(row)}`);
      return total + count;
    }, 0);
  return { calls: sum("calls"), failed: sum("failed"), estimated: sum("estimated") };
}

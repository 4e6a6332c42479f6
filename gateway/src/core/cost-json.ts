import type { CostLine, PriceUnit } from "./money.ts";

/** A cost line as JSON can hold it: bigints as decimal strings, so that no digit is lost. */
export type CostRow = [unit: PriceUnit, quantity: number, price: string, amount: string];

export function costToRows(cost: readonly CostLine[]): CostRow[] {
  return cost.map(({ unit, quantity, price, amount }) => [unit, quantity, String(price), String(amount)]);
}

export function costFromRows(rows: readonly CostRow[]): CostLine[] {
  return rows.map(([unit, quantity, price, amount]) => ({
    unit,
    quantity,
    price: BigInt(price),
    amount: BigInt(amount),
  }));
}

import type { CostLine, PriceUnit } from "../core/money.ts";

/** JSON has no bigint: prices and amounts are decimal strings, so that no digit is lost. */
export function costToJson(cost: readonly CostLine[]): string {
  return JSON.stringify(
    cost.map(({ unit, quantity, price, amount }) => [unit, quantity, String(price), String(amount)]),
  );
}

export function costFromJson(text: string): CostLine[] {
  const lines = JSON.parse(text) as [PriceUnit, number, string, string][];
  return lines.map(([unit, quantity, price, amount]) => ({
    unit,
    quantity,
    price: BigInt(price),
    amount: BigInt(amount),
  }));
}

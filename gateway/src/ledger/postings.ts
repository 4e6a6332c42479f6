import type { Settlement } from "../core/settlement.ts";
import type { Posting } from "../storage/port.ts";

/** Books a call: the project's expense against what is owed to the provider. A call that costs nothing has no postings. */
export function postingsOf(settlement: Settlement): Posting[] {
  let amount = 0n;
  for (const line of settlement.cost) amount += line.amount;
  if (amount === 0n) return [];
  const { id, project, provider, endedAt } = settlement;
  return [
    { transaction: id, account: `expense:${project}`, amount, at: endedAt },
    { transaction: id, account: `payable:${provider}`, amount: -amount, at: endedAt },
  ];
}

import { type CostRow, costFromRows, costToRows } from "../core/cost-json.ts";
import type { Intent, Settlement } from "../core/settlement.ts";

/** What one line of the journal says: a call is going out, or this is what it was. */
export type JournalEntry =
  | { readonly kind: "intent"; readonly intent: Intent }
  | { readonly kind: "settlement"; readonly settlement: Settlement };

type IntentLine = ["i", string, number, string, string, string, string, string, string, 0 | 1, number];

export function intentLine(intent: Intent): string {
  const line: IntentLine = [
    "i",
    intent.id,
    intent.at,
    intent.keyId,
    intent.project,
    intent.model,
    intent.channel,
    intent.provider,
    intent.dialect,
    intent.stream ? 1 : 0,
    intent.inputBytes,
  ];
  return `${JSON.stringify(line)}\n`;
}

export function settlementLine(settlement: Settlement): string {
  const { cost, ...rest } = settlement;
  return `${JSON.stringify(["s", rest, costToRows(cost)])}\n`;
}

/** Undefined where a line is torn: cut short by a crash or a full disk. */
export function readLine(line: string): JournalEntry | undefined {
  let values: unknown;
  try {
    values = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values)) return undefined;
  if (values[0] === "i" && values.length === 11)
    return { kind: "intent", intent: toIntent(values as IntentLine) };
  if (values[0] === "s" && values.length === 3) {
    const [, rest, cost] = values as ["s", Omit<Settlement, "cost">, CostRow[]];
    return { kind: "settlement", settlement: { ...rest, cost: costFromRows(cost) } };
  }
  return undefined;
}

function toIntent(line: IntentLine): Intent {
  const [, id, at, keyId, project, model, channel, provider, dialect, stream, inputBytes] = line;
  return {
    id,
    at,
    keyId,
    project,
    model,
    channel,
    provider,
    dialect: dialect as Intent["dialect"],
    stream: stream === 1,
    inputBytes,
  };
}

import type { Intent } from "../core/settlement.ts";
import type { SettledCall } from "../storage/port.ts";
import { readSettledCall } from "../storage/settled-call.ts";

/** What one line of the journal says: a call is going out, or this is what it was. */
export type JournalEntry =
  | { readonly kind: "intent"; readonly intent: Intent }
  | { readonly kind: "settlement"; readonly call: SettledCall };

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

/** Undefined where a line is torn: cut short by a crash or a full disk. */
export function readLine(line: string): JournalEntry | undefined {
  const call = readSettledCall(line);
  if (call !== undefined) return { kind: "settlement", call };
  const intent = readIntent(line);
  return intent === undefined ? undefined : { kind: "intent", intent };
}

function readIntent(line: string): Intent | undefined {
  let values: unknown;
  try {
    values = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || values[0] !== "i" || values.length !== 11) return undefined;
  return toIntent(values as IntentLine);
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

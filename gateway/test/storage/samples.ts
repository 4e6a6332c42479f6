import type { Extra } from "../../src/core/extra.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import type { Posting, SettledCall, StoredKey, StoredResponse } from "../../src/storage/port.ts";
import { settledCall as writeCall } from "../../src/storage/settled-call.ts";
import { sampleIntent } from "../ledger/sample-intent.ts";

export function sampleKey(id: string, changes: Partial<StoredKey> = {}): StoredKey {
  return {
    id,
    hash: `hash-of-${id}`,
    kind: "project",
    project: "shop",
    name: "test",
    hint: "ent-abc...wxyz",
    createdAt: 1_000,
    ...changes,
  };
}

export function sampleSettlement(id: string, changes: Partial<Settlement> = {}): Settlement {
  return {
    ...sampleIntent(id),
    endedAt: 2_000,
    outcome: "success",
    attempts: 1,
    usage: { inputTokens: 100, outputTokens: 50 },
    usageSource: "reported",
    cost: [{ unit: "input", quantity: 100, price: 2_500_000_000n, amount: 250_000n }],
    free: false,
    ...changes,
  };
}

export function sampleExtra(text: string): Extra {
  return { dialect: "openai-chat", fields: { odd: [1, null, text] } };
}

export function settledCall(id: string, changes: Partial<Settlement> = {}): SettledCall {
  const settlement = sampleSettlement(id, changes);
  const amount = settlement.cost.reduce((sum, line) => sum + line.amount, 0n);
  const posting = (account: string, value: bigint): Posting => ({
    transaction: id,
    account,
    amount: value,
    at: settlement.endedAt,
  });
  return writeCall(settlement, [
    posting(`expense:${settlement.project}`, amount),
    posting(`payable:${settlement.provider}`, -amount),
  ]);
}

export function sampleResponse(id: string, changes: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id,
    project: "shop",
    keyId: "key_1",
    createdAt: 1_000,
    expiresAt: 5_000,
    input: '[{"role":"user"}]',
    response: '{"id":"resp"}',
    ...changes,
  };
}

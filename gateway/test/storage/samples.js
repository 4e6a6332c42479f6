export function sampleKey(id, changes = {}) {
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
export function sampleSettlement(id, changes = {}) {
  return {
    id,
    at: 1_000,
    endedAt: 2_000,
    keyId: "key_1",
    project: "shop",
    model: "openai/gpt-4o",
    channel: "openai/gpt-4o",
    provider: "openai",
    dialect: "openai-chat",
    stream: true,
    inputBytes: 400,
    outcome: "success",
    attempts: 1,
    usage: { inputTokens: 100, outputTokens: 50 },
    usageSource: "reported",
    cost: [{ unit: "input", quantity: 100, price: 2500000000n, amount: 250000n }],
    free: false,
    ...changes,
  };
}
export function settledCall(id, changes = {}) {
  const settlement = sampleSettlement(id, changes);
  const amount = settlement.cost.reduce((sum, line) => sum + line.amount, 0n);
  const posting = (account, value) => ({
    transaction: id,
    account,
    amount: value,
    at: settlement.endedAt,
  });
  return {
    settlement,
    postings: [
      posting(`expense:${settlement.project}`, amount),
      posting(`payable:${settlement.provider}`, -amount),
    ],
  };
}
export function sampleResponse(id, changes = {}) {
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

import { z } from "@hono/zod-openapi";
import type { RequestRow } from "../storage/port.ts";
import { money, moneySchema, time, timeSchema } from "./values.ts";

/** The vendor's own fields beside these are left out. */
const usageSchema = z
  .object({
    inputTokens: z.number().optional(),
    outputTokens: z.number().optional(),
    cacheReadTokens: z.number().optional(),
    cacheWriteTokens: z.number().optional(),
    cacheWriteLongTokens: z.number().optional(),
    reasoningTokens: z.number().optional(),
    audioInputTokens: z.number().optional(),
    audioOutputTokens: z.number().optional(),
  })
  .openapi("Usage");

/** Metadata of a call; what was said in it is not kept. */
export const requestSchema = z
  .object({
    id: z.string(),
    at: timeSchema,
    endedAt: timeSchema,
    durationMs: z.number(),
    firstEventMs: z.number().optional(),
    keyId: z.string(),
    project: z.string(),
    model: z.string().describe("As it was asked for."),
    channel: z.string().describe("The last one tried."),
    provider: z.string(),
    dialect: z.string(),
    stream: z.boolean(),
    inputBytes: z.number(),
    outcome: z.string(),
    error: z.string().optional(),
    attempts: z.number(),
    usage: usageSchema.optional(),
    usageSource: z.enum(["reported", "estimated", "none"]),
    estimateMethod: z.string().optional(),
    free: z.boolean(),
    cost: moneySchema,
    costLines: z.array(
      z.object({
        unit: z.string(),
        quantity: z.number(),
        price: z.string().describe("Nano-dollars per million units."),
        cost: moneySchema,
      }),
    ),
  })
  .openapi("Request");

export function requestView(row: RequestRow): z.infer<typeof requestSchema> {
  return {
    id: row.id,
    at: time(row.at),
    endedAt: time(row.endedAt),
    durationMs: row.endedAt - row.at,
    ...(row.firstEventAfter === undefined ? {} : { firstEventMs: row.firstEventAfter }),
    keyId: row.keyId,
    project: row.project,
    model: row.model,
    channel: row.channel,
    provider: row.provider,
    dialect: row.dialect,
    stream: row.stream,
    inputBytes: row.inputBytes,
    outcome: row.outcome,
    ...(row.error === undefined ? {} : { error: row.error }),
    attempts: row.attempts,
    ...(row.usage === undefined ? {} : { usage: usageSchema.parse(row.usage) }),
    usageSource: row.usageSource,
    ...(row.estimateMethod === undefined ? {} : { estimateMethod: row.estimateMethod }),
    free: row.free,
    cost: money(row.amount),
    costLines: row.cost.map(({ unit, quantity, price, amount }) => ({
      unit,
      quantity,
      price: price.toString(),
      cost: money(amount),
    })),
  };
}

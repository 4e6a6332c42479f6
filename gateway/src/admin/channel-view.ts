import { z } from "@hono/zod-openapi";
import type { Channel } from "../core/channel.ts";
import type { Price, UnitPrices } from "../core/money.ts";
import type { ChannelHealth } from "../routing/health.ts";
import { time, timeSchema } from "./values.ts";

const unitPricesSchema = z
  .record(z.string(), z.string())
  .describe("Nano-dollars per million by unit, as decimal strings.");

const priceSchema = z
  .union([z.literal("free"), unitPricesSchema])
  .optional()
  .describe("Absent: not priced, so not used.");

const tiersSchema = z
  .array(z.object({ above: z.number(), price: unitPricesSchema }))
  .optional()
  .describe(
    "Prices of a whole call whose input is more than `above` tokens; the highest tier reached holds.",
  );

/** One way to buy one model. */
export const channelSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    model: z.string(),
    upstream: z.string(),
    region: z.string().optional(),
    price: priceSchema,
    priceTiers: tiersSchema,
    contextTokens: z.number().optional(),
    outputTokens: z.number().optional(),
    inFlightLimit: z.number().optional(),
    lacks: z.array(z.string()).describe("Features it is known to lack."),
    from: timeSchema.optional(),
    until: timeSchema.optional(),
  })
  .openapi("Channel");

export function channelView(channel: Channel): z.infer<typeof channelSchema> {
  const { id, provider, model, upstream, region, price, limits, lacks, from, until } = channel;
  return {
    id,
    provider,
    model,
    upstream,
    ...(region === undefined ? {} : { region }),
    ...(price === undefined ? {} : priceView(price)),
    ...(limits.contextTokens === undefined ? {} : { contextTokens: limits.contextTokens }),
    ...(limits.outputTokens === undefined ? {} : { outputTokens: limits.outputTokens }),
    ...(limits.inFlight === undefined ? {} : { inFlightLimit: limits.inFlight }),
    lacks: [...lacks],
    ...(from === undefined ? {} : { from: time(from) }),
    ...(until === undefined ? {} : { until: time(until) }),
  };
}

/** How one channel is doing on this node. */
export const healthSchema = z
  .object({
    state: z.enum(["closed", "open", "half_open"]).describe("Of its circuit breaker; `closed` is well."),
    inFlight: z.number(),
    calls: z.number().describe("Within the breaker's window."),
    failures: z.number(),
    latencyMs: z.number().optional().describe("Time to the first event, as a moving average."),
    lastFailure: z.object({ code: z.string(), at: timeSchema }).optional(),
    unavailableUntil: timeSchema.optional(),
  })
  .openapi("ChannelHealth");

export function healthView(health: ChannelHealth): z.infer<typeof healthSchema> {
  const { state, inFlight, calls, failures, latency, lastFailure, unavailableUntil } = health;
  return {
    state,
    inFlight,
    calls,
    failures,
    ...(latency === undefined ? {} : { latencyMs: Math.round(latency) }),
    ...(lastFailure === undefined
      ? {}
      : { lastFailure: { code: lastFailure.code, at: time(lastFailure.at) } }),
    ...(unavailableUntil === undefined ? {} : { unavailableUntil: time(unavailableUntil) }),
  };
}

function priceView(price: Price): Pick<z.infer<typeof channelSchema>, "price" | "priceTiers"> {
  if (price === "free") return { price };
  const { tiers, ...units } = price;
  return {
    price: unitsView(units),
    ...(tiers === undefined
      ? {}
      : { priceTiers: tiers.map(({ above, prices }) => ({ above, price: unitsView(prices) })) }),
  };
}

function unitsView(prices: UnitPrices): Record<string, string> {
  return Object.fromEntries(Object.entries(prices).map(([unit, amount]) => [unit, amount.toString()]));
}

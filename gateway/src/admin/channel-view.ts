import { z } from "@hono/zod-openapi";
import type { Channel } from "../core/channel.ts";
import type { ChannelHealth } from "../routing/health.ts";
import { time, timeSchema } from "./values.ts";

const priceSchema = z
  .union([z.literal("free"), z.record(z.string(), z.string())])
  .optional()
  .describe("Nano-dollars per million by unit, as decimal strings. Absent: not priced, so not used.");

/** One way to buy one model. */
export const channelSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    model: z.string(),
    upstream: z.string(),
    region: z.string().optional(),
    price: priceSchema,
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
    ...(price === undefined ? {} : { price: priceView(price) }),
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

function priceView(price: NonNullable<Channel["price"]>): "free" | Record<string, string> {
  if (price === "free") return price;
  return Object.fromEntries(Object.entries(price).map(([unit, amount]) => [unit, amount.toString()]));
}

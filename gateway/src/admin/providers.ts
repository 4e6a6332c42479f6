import { createRoute, z } from "@hono/zod-openapi";
import type { Channel } from "../core/channel.ts";
import { Fault } from "../core/fault.ts";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { channelSchema, channelView, healthSchema, healthView } from "./channel-view.ts";
import { answersError, commonErrors } from "./error-answer.ts";

const providerSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z
      .enum(["up", "degraded", "down"])
      .describe("`down`: every channel that was called takes no calls."),
    channels: z.number(),
    unavailableChannels: z.number(),
    inFlight: z.number(),
    calls: z.number().describe("Within the breakers' window."),
    failures: z.number(),
  })
  .openapi("Provider");

const providerWithChannelsSchema = providerSchema
  .omit({ channels: true })
  .extend({ channels: z.array(channelSchema.extend({ health: healthSchema })) })
  .openapi("ProviderWithChannels");

const listRoute = createRoute({
  method: "get",
  path: `${adminPath}/providers`,
  summary: "List the providers and how they are doing on this node",
  responses: {
    200: {
      description: "The providers.",
      content: { "application/json": { schema: z.object({ providers: z.array(providerSchema) }) } },
    },
    ...commonErrors,
  },
});

const getRoute = createRoute({
  method: "get",
  path: `${adminPath}/providers/{id}`,
  summary: "One provider with the health of each of its channels",
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: {
    200: {
      description: "The provider.",
      content: { "application/json": { schema: providerWithChannelsSchema } },
    },
    404: answersError("There is no such provider."),
    ...commonErrors,
  },
});

export function registerProviders(app: AdminApp, house: AdminHouse): void {
  app.openapi(listRoute, (context) => {
    const byProvider = Map.groupBy(house.directory().channels.values(), (channel) => channel.provider);
    const providers = [...house.providers().values()].map(({ id, kind }) => {
      const channels = byProvider.get(id) ?? [];
      return { id, kind, channels: channels.length, ...sumUp(channels, house) };
    });
    return context.json({ providers }, 200);
  });

  app.openapi(getRoute, (context) => {
    const provider = house.providers().get(context.req.valid("param").id);
    if (provider === undefined)
      throw new Fault("not_found", { param: "id", detail: "No provider has that id." });
    const { id, kind } = provider;
    const channels = [...house.directory().channels.values()].filter((channel) => channel.provider === id);
    const views = channels.map((channel) => ({
      ...channelView(channel),
      health: healthView(house.health.of(channel.id)),
    }));
    return context.json({ id, kind, ...sumUp(channels, house), channels: views }, 200);
  });
}

function sumUp(channels: readonly Channel[], house: AdminHouse) {
  const health = channels.map(({ id }) => house.health.of(id));
  const used = health.filter(({ calls, unavailableUntil }) => calls > 0 || unavailableUntil !== undefined);
  const unavailable = used.filter(
    ({ state, unavailableUntil }) => state === "open" || unavailableUntil !== undefined,
  );
  const ill = used.filter(
    ({ state, unavailableUntil }) => state !== "closed" || unavailableUntil !== undefined,
  );
  const sum = (key: "inFlight" | "calls" | "failures") =>
    health.reduce((total, entry) => total + entry[key], 0);
  const down = used.length > 0 && unavailable.length === used.length;
  return {
    state: down ? ("down" as const) : ill.length > 0 ? ("degraded" as const) : ("up" as const),
    unavailableChannels: unavailable.length,
    inFlight: sum("inFlight"),
    calls: sum("calls"),
    failures: sum("failures"),
  };
}

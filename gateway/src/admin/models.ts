import { createRoute, z } from "@hono/zod-openapi";
import type { StepCondition } from "../core/route.ts";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { channelSchema, channelView, healthSchema, healthView } from "./channel-view.ts";
import { answersError, commonErrors } from "./error-answer.ts";
import { limitSchema } from "./values.ts";

const kindSchema = z.enum(["route", "channel", "model"]);

const modelSchema = z
  .object({
    name: z.string(),
    kind: kindSchema,
    channels: z.array(channelSchema).describe("In the order in which they are tried, weights aside."),
  })
  .openapi("Model");

const conditionSchema = z.object({
  operation: z.string().optional(),
  minBytes: z.number().optional(),
  maxBytes: z.number().optional(),
  features: z.array(z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

const resolutionSchema = z
  .object({
    name: z.string(),
    kind: z.enum(["route", "channel", "model", "name"]),
    attempts: z.number().describe("Most attempts for one call."),
    steps: z.array(
      z.object({
        when: conditionSchema.optional(),
        channels: z.array(
          z.object({
            id: z.string(),
            weight: z.number(),
            channel: channelSchema.optional().describe("Absent: it is named but not configured."),
            health: healthSchema,
          }),
        ),
      }),
    ),
  })
  .openapi("Resolution");

const listRoute = createRoute({
  method: "get",
  path: `${adminPath}/models`,
  summary: "List the names that can be asked for: routes, channels and models",
  request: {
    query: z.strictObject({
      kind: kindSchema.optional(),
      contains: z.string().max(200).optional().describe("Only names with this text in them."),
      limit: limitSchema(100, 1000),
      after: z.string().max(300).optional().describe("`next` of the page before."),
    }),
  },
  responses: {
    200: {
      description: "One page, by name. `next` is absent on the last one.",
      content: {
        "application/json": {
          schema: z.object({ models: z.array(modelSchema), next: z.string().optional() }),
        },
      },
    },
    ...commonErrors,
  },
});

const resolveRoute = createRoute({
  method: "get",
  path: `${adminPath}/models/resolve`,
  summary: "What a model name stands for now: steps, channels and their health",
  request: { query: z.strictObject({ name: z.string().min(1).max(300) }) },
  responses: {
    200: {
      description: "What it resolves to.",
      content: { "application/json": { schema: resolutionSchema } },
    },
    404: answersError("No channel serves that model; the nearest names are told."),
    ...commonErrors,
  },
});

export function registerModels(app: AdminApp, house: AdminHouse): void {
  app.openapi(listRoute, (context) => {
    const { kind, contains, limit, after } = context.req.valid("query");
    const wanted = contains?.toLowerCase();
    const matching = house
      .directory()
      .list()
      .filter(
        (listed) =>
          (kind === undefined || listed.kind === kind) &&
          (wanted === undefined || listed.name.toLowerCase().includes(wanted)) &&
          (after === undefined || listed.name > after),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = matching.slice(0, limit);
    const models = page.map(({ name, kind, channels }) => ({
      name,
      kind,
      channels: channels.map(channelView),
    }));
    const next = matching.length > page.length ? page.at(-1)?.name : undefined;
    return context.json({ models, ...(next === undefined ? {} : { next }) }, 200);
  });

  app.openapi(resolveRoute, (context) => {
    const directory = house.directory();
    const { name, kind, route } = directory.resolve(context.req.valid("query").name);
    const steps = route.steps.map(({ when, channels }) => ({
      ...(when === undefined ? {} : { when: conditionView(when) }),
      channels: channels.map(({ channel: id, weight }) => {
        const channel = directory.channels.get(id);
        return {
          id,
          weight,
          ...(channel === undefined ? {} : { channel: channelView(channel) }),
          health: healthView(house.health.of(id)),
        };
      }),
    }));
    return context.json({ name, kind, attempts: route.attempts, steps }, 200);
  });
}

function conditionView({ features, headers, ...simple }: StepCondition): z.infer<typeof conditionSchema> {
  return {
    ...simple,
    ...(features === undefined ? {} : { features: [...features] }),
    ...(headers === undefined ? {} : { headers: { ...headers } }),
  };
}

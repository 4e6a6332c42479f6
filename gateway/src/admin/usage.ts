import { createRoute, z } from "@hono/zod-openapi";
import { Fault } from "../core/fault.ts";
import type { UsageSum } from "../storage/port.ts";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { commonErrors } from "./error-answer.ts";
import { momentSchema, money, moneySchema } from "./values.ts";

const bySchema = z.enum(["day", "model", "key", "project", "channel"]);

const sumSchema = z
  .object({
    group: z.string().describe("The day (UTC), or the name or id."),
    calls: z.number(),
    failed: z.number(),
    estimated: z.number().describe("Calls whose usage the provider did not report."),
    inputTokens: z.number().optional().describe("Absent: no call of the group knew it."),
    outputTokens: z.number().optional(),
    cacheReadTokens: z.number().optional(),
    cost: moneySchema,
  })
  .openapi("UsageSum");

const usageRoute = createRoute({
  method: "get",
  path: `${adminPath}/usage`,
  summary: "Sums over the settled calls",
  request: {
    query: z.strictObject({
      by: bySchema.default("day"),
      from: momentSchema.optional().describe("Calls that began then or later."),
      until: momentSchema.optional().describe("Calls that began before."),
    }),
  },
  responses: {
    200: {
      description: "One sum for each group.",
      content: {
        "application/json": {
          schema: z.object({ by: bySchema, groups: z.array(sumSchema), cost: moneySchema }),
        },
      },
    },
    ...commonErrors,
  },
});

export function registerUsage(app: AdminApp, { store }: AdminHouse): void {
  app.openapi(usageRoute, async (context) => {
    const { by, from, until } = context.req.valid("query");
    if (from !== undefined && until !== undefined && from >= until)
      throw new Fault("invalid_request", { param: "until", detail: "It must be later than `from`." });
    const sums = await store.calls.usage({
      by,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    });
    const cost = money(sums.reduce((total, sum) => total + sum.cost, 0n));
    return context.json({ by, groups: sums.map(sumView), cost }, 200);
  });
}

function sumView(sum: UsageSum): z.infer<typeof sumSchema> {
  const { group, calls, failed, estimated, inputTokens, outputTokens, cacheReadTokens, cost } = sum;
  return {
    group,
    calls,
    failed,
    estimated,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    cost: money(cost),
  };
}

import { createRoute, z } from "@hono/zod-openapi";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { commonErrors } from "./error-answer.ts";
import { time, timeSchema } from "./values.ts";

const healthRoute = createRoute({
  method: "get",
  path: `${adminPath}/health`,
  summary: "How this node is doing",
  responses: {
    200: {
      description: "Its state, well or not.",
      content: {
        "application/json": {
          schema: z
            .object({
              status: z.enum(["ready", "not_ready"]),
              lacking: z.array(z.string()).describe("What keeps it from serving."),
              version: z.string(),
              now: timeSchema,
              ledgerPending: z.number().describe("Calls that are not yet on disk."),
              inFlight: z.number(),
              channels: z.number(),
              troubledChannels: z
                .array(z.string())
                .describe("Those whose breaker is not closed, or that rest."),
            })
            .openapi("NodeHealth"),
        },
      },
    },
    ...commonErrors,
  },
});

export function registerHealth(app: AdminApp, house: AdminHouse): void {
  app.openapi(healthRoute, (context) => {
    const lacking = [...house.unready()];
    const health = [...house.directory().channels.keys()].map((id) => house.health.of(id));
    const troubled = health.filter(
      ({ state, unavailableUntil }) => state !== "closed" || unavailableUntil !== undefined,
    );
    const body = {
      status: lacking.length === 0 ? ("ready" as const) : ("not_ready" as const),
      lacking,
      version: house.version,
      now: time(house.clock.now()),
      ledgerPending: house.ledgerPending(),
      inFlight: health.reduce((sum, { inFlight }) => sum + inFlight, 0),
      channels: health.length,
      troubledChannels: troubled.map(({ channel }) => channel),
    };
    return context.json(body, 200);
  });
}

import { createRoute, z } from "@hono/zod-openapi";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { commonErrors } from "./error-answer.ts";

const configRoute = createRoute({
  method: "get",
  path: `${adminPath}/config`,
  summary: "The configuration in force, with credentials masked",
  responses: {
    200: {
      description: "File, environment and flags over the defaults.",
      content: {
        "application/json": {
          schema: z
            .object({
              file: z.string().optional().describe("The file it was read from. Absent: there is none."),
              settings: z.record(z.string(), z.unknown()).describe("As docs/config.md has them."),
            })
            .openapi("Config"),
        },
      },
    },
    ...commonErrors,
  },
});

export function registerConfig(app: AdminApp, house: AdminHouse): void {
  app.openapi(configRoute, (context) => {
    const { file, settings } = house.config();
    return context.json({ ...(file === undefined ? {} : { file }), settings }, 200);
  });
}

import { createRoute, z } from "@hono/zod-openapi";
import { Fault } from "../core/fault.ts";
import type { RequestRow } from "../storage/port.ts";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { answersError, commonErrors } from "./error-answer.ts";
import { requestSchema, requestView } from "./request-view.ts";
import { limitSchema } from "./values.ts";

/** Time and id of a page's last row, so that no call of the same millisecond is lost between pages. */
const cursorSchema = z
  .string()
  .regex(/^\d{1,16}\.[\w-]{1,100}$/, { error: "`next` of the page before" })
  .transform((cursor) => {
    const point = cursor.indexOf(".");
    return { before: Number(cursor.slice(0, point)), beforeId: cursor.slice(point + 1) };
  })
  .openapi({ type: "string" });

const listRoute = createRoute({
  method: "get",
  path: `${adminPath}/requests`,
  summary: "List the calls, newest first: metadata only",
  request: { query: z.strictObject({ limit: limitSchema(50, 500), after: cursorSchema.optional() }) },
  responses: {
    200: {
      description: "One page. `next` is absent on the last one.",
      content: {
        "application/json": {
          schema: z.object({ requests: z.array(requestSchema), next: z.string().optional() }),
        },
      },
    },
    ...commonErrors,
  },
});

const getRoute = createRoute({
  method: "get",
  path: `${adminPath}/requests/{id}`,
  summary: "One call by its request id",
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: {
    200: { description: "The call.", content: { "application/json": { schema: requestSchema } } },
    404: answersError("No settled call has that id."),
    ...commonErrors,
  },
});

export function registerRequests(app: AdminApp, { store }: AdminHouse): void {
  app.openapi(listRoute, async (context) => {
    const { limit, after } = context.req.valid("query");
    // One row more than asked for tells whether there is a next page.
    const rows = await store.calls.requests({ limit: limit + 1, ...after });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const requests = page.map(requestView);
    return context.json({ requests, ...(last === undefined ? {} : { next: cursorOf(last) }) }, 200);
  });

  app.openapi(getRoute, async (context) => {
    const [row] = await store.calls.requests({ id: context.req.valid("param").id, limit: 1 });
    if (row === undefined)
      throw new Fault("not_found", { param: "id", detail: "No settled call has that id." });
    return context.json(requestView(row), 200);
  });
}

function cursorOf({ at, id }: RequestRow): string {
  return `${at}.${id}`;
}

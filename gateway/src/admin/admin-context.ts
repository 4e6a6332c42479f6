import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";

export const adminPath = "/admin/v1";

/** What the calls of the control API are given by node:http, and by the first of their middleware. */
export interface AdminEnvironment {
  Bindings: Pick<HttpBindings, "incoming">;
  Variables: { requestId: string };
}

export type AdminApp = OpenAPIHono<AdminEnvironment>;

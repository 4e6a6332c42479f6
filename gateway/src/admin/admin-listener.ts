import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createAdminApp } from "./admin-app.ts";
import type { AdminHouse } from "./admin-house.ts";

export type AdminListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The control API for node:http. To be imported on its first call, for it loads some hundred modules. */
export function createAdminListener(house: AdminHouse): AdminListener {
  // The globals stay the runtime's own: other parts of the process use them too.
  return getRequestListener(createAdminApp(house).fetch, { overrideGlobalObjects: false });
}

import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import type { ZodError } from "zod";
import { Fault } from "../core/fault.ts";
import { type AdminApp, type AdminEnvironment, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { registerConfig } from "./config.ts";
import { answerError } from "./error-answer.ts";
import { registerHealth } from "./health.ts";
import { registerKeys } from "./keys.ts";
import { registerModels } from "./models.ts";
import { registerProviders } from "./providers.ts";
import { registerRequests } from "./requests.ts";
import { refuseForeignOrigin } from "./same-origin.ts";
import { registerUsage } from "./usage.ts";

const largestBody = 64 * 1024;

/** The control API. Everything below its path asks for an admin key, its OpenAPI document too. */
export function createAdminApp(house: AdminHouse): AdminApp {
  const app: AdminApp = new OpenAPIHono<AdminEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(result.error);
    },
  });
  app.use(async (context, next) => {
    const requestId = `req_${house.random(24)}`;
    context.set("requestId", requestId);
    context.header("entente-request-id", requestId);
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
    const headers = Object.fromEntries(context.req.raw.headers);
    refuseForeignOrigin(headers, house.loopbackOnly());
    house.authorize(headers, context.env.incoming.socket.remoteAddress);
    await next();
  });
  app.use(
    bodyLimit({
      maxSize: largestBody,
      onError: () => {
        throw new Fault("body_too_large", { detail: "64 KiB are enough for every call of the control API." });
      },
    }),
  );
  registerKeys(app, house);
  registerProviders(app, house);
  registerModels(app, house);
  registerUsage(app, house);
  registerRequests(app, house);
  registerConfig(app, house);
  registerHealth(app, house);
  registerDocument(app, house);
  refuseOtherMethods(app);
  app.notFound(() => {
    throw new Fault("not_found");
  });
  app.onError((error, context) => answerError(error, context, house));
  return app;
}

function registerDocument(app: AdminApp, house: AdminHouse): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "adminKey", {
    type: "http",
    scheme: "bearer",
    description: "An admin key: `entente keys create --admin`.",
  });
  app.doc31(`${adminPath}/openapi.json`, {
    openapi: "3.1.0",
    info: {
      title: "Entente control API",
      version: house.version,
      description:
        "Times are ISO 8601 in UTC. Amounts are decimal strings, in nano-dollars and in US dollars.",
      license: { name: "Apache-2.0" },
    },
    security: [{ adminKey: [] }],
  });
}

/** A known path with an unknown method is told apart from an unknown path. */
function refuseOtherMethods(app: AdminApp): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    methods.set(path, (methods.get(path) ?? new Set()).add(method));
  }
  for (const [path, taken] of methods) {
    const allowed = [...taken].join(", ");
    app.all(path, (context) => {
      context.header("allow", allowed);
      throw new Fault("method_not_allowed", { detail: `It takes ${allowed}.` });
    });
  }
}

function invalid(error: ZodError): Fault {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
  return new Fault("invalid_request", {
    ...(path === "" ? {} : { param: path.slice(0, 200) }),
    ...(issue === undefined ? {} : { detail: issue.message.slice(0, 500) }),
  });
}

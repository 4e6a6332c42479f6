import { createRoute, z } from "@hono/zod-openapi";
import { Fault } from "../core/fault.ts";
import { createKey } from "../identity/create-key.ts";
import { defaultProject } from "../identity/first-keys.ts";
import type { StoredKey } from "../storage/port.ts";
import { type AdminApp, adminPath } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";
import { answersError, commonErrors } from "./error-answer.ts";
import { momentSchema, time, timeSchema } from "./values.ts";

const kindSchema = z.enum(["project", "admin"]);

const keySchema = z
  .object({
    id: z.string(),
    kind: kindSchema,
    project: z.string(),
    name: z.string(),
    hint: z.string().describe("First and last letters of the key, to recognise it by."),
    state: z.enum(["active", "expired", "revoked"]),
    allowedModels: z.array(z.string()).optional().describe("Absent: all models and routes."),
    createdAt: timeSchema,
    expiresAt: timeSchema.optional(),
    revokedAt: timeSchema.optional(),
  })
  .openapi("Key");

const newKeySchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\p{Cc}]{1,100}$/u, { error: "1 to 100 letters" })
      .openapi({ description: "What the key is for.", example: "checkout service" }),
    kind: kindSchema.default("project"),
    project: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,62}$/, { error: "letters, digits, `.`, `_` and `-`, at most 63" })
      .default(defaultProject),
    allowedModels: z
      .array(z.string().min(1).max(256))
      .min(1, { error: "at least one name; leave the field out to allow all" })
      .max(200)
      .optional()
      .describe("Model and route names, or `prefix/*`."),
    expiresAt: momentSchema.optional(),
  })
  .openapi("NewKey");

const listRoute = createRoute({
  method: "get",
  path: `${adminPath}/keys`,
  summary: "List the keys, revoked ones included",
  request: {
    query: z.strictObject({ project: z.string().max(100).optional(), kind: kindSchema.optional() }),
  },
  responses: {
    200: {
      description: "The keys, newest first.",
      content: { "application/json": { schema: z.object({ keys: z.array(keySchema) }) } },
    },
    ...commonErrors,
  },
});

const createKeyRoute = createRoute({
  method: "post",
  path: `${adminPath}/keys`,
  summary: "Create a key",
  request: { body: { required: true, content: { "application/json": { schema: newKeySchema } } } },
  responses: {
    201: {
      description: "The key. `secret` is shown this once and kept nowhere.",
      content: {
        "application/json": { schema: keySchema.extend({ secret: z.string() }).openapi("CreatedKey") },
      },
    },
    ...commonErrors,
  },
});

const revokeRoute = createRoute({
  method: "delete",
  path: `${adminPath}/keys/{id}`,
  summary: "Revoke a key, in effect within a second",
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: {
    204: { description: "It is revoked, now or before." },
    404: answersError("There is no such key."),
    ...commonErrors,
  },
});

export function registerKeys(app: AdminApp, { store, keyring, clock, random }: AdminHouse): void {
  app.openapi(listRoute, async (context) => {
    const { project, kind } = context.req.valid("query");
    const keys = (await store.keys.list())
      .filter(
        (key) =>
          (project === undefined || key.project === project) && (kind === undefined || key.kind === kind),
      )
      .sort((a, b) => b.createdAt - a.createdAt);
    return context.json({ keys: keys.map((key) => keyView(key, clock.now())) }, 200);
  });

  app.openapi(createKeyRoute, async (context) => {
    const { expiresAt, allowedModels, ...wanted } = context.req.valid("json");
    if (expiresAt !== undefined && expiresAt <= clock.now())
      throw new Fault("invalid_request", { param: "expiresAt", detail: "A key must expire in the future." });
    if (wanted.kind === "admin" && allowedModels !== undefined)
      throw new Fault("invalid_request", { param: "allowedModels", detail: "An admin key calls no models." });
    const { key, stored } = await createKey(
      store.keys,
      {
        ...wanted,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(allowedModels === undefined ? {} : { allowedModels }),
      },
      { clock, random },
    );
    await keyring.refresh();
    return context.json({ ...keyView(stored, clock.now()), secret: key }, 201);
  });

  app.openapi(revokeRoute, async (context) => {
    const revoked = await store.keys.revoke(context.req.valid("param").id, clock.now());
    if (!revoked) throw new Fault("not_found", { param: "id", detail: "No key has that id." });
    await keyring.refresh();
    return context.body(null, 204);
  });
}

/** The hash stays where it is. */
function keyView(key: StoredKey, now: number): z.infer<typeof keySchema> {
  const { id, kind, project, name, hint, allowedModels, createdAt, expiresAt, revokedAt } = key;
  const expired = expiresAt !== undefined && expiresAt <= now;
  return {
    id,
    kind,
    project,
    name,
    hint,
    state: revokedAt === undefined ? (expired ? "expired" : "active") : "revoked",
    ...(allowedModels === undefined ? {} : { allowedModels: [...allowedModels] }),
    createdAt: time(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: time(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: time(revokedAt) }),
  };
}

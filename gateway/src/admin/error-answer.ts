import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Fault } from "../core/fault.ts";
import { StoreError } from "../storage/port.ts";
import type { AdminEnvironment } from "./admin-context.ts";
import type { AdminHouse } from "./admin-house.ts";

/** Every error of the control API. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.string().describe("From the error table; docs/errors.md explains each."),
      message: z.string(),
      param: z.string().optional().describe("Path of the field or name of the parameter that is wrong."),
      requestId: z.string(),
    }),
  })
  .openapi("Error");

/** Describes the answer of one status in the OpenAPI document. */
export function answersError(description: string) {
  return { description, content: { "application/json": { schema: errorSchema } } };
}

/** What every call may answer besides its own. */
export const commonErrors = {
  400: answersError("A parameter or field is wrong; `param` says which."),
  401: answersError("No key, or one that is not known, expired or revoked."),
  403: answersError("Not an admin key, or a call from a foreign web page."),
};

export function answerError(error: Error, context: Context<AdminEnvironment>, house: AdminHouse): Response {
  const fault = toFault(error);
  const requestId = context.get("requestId");
  if (fault.code === "internal") house.onError(requestId, error);
  const { code, message, param } = fault;
  return context.json(
    { error: { code, message, ...(param === undefined ? {} : { param }), requestId } },
    fault.entry.status as ContentfulStatusCode,
  );
}

function toFault(error: Error): Fault {
  if (error instanceof Fault) return error;
  // Hono's validators throw these two of their own, for a body that is not JSON and for one that does not say it is.
  if (error instanceof HTTPException && error.status === 400) return new Fault("invalid_json");
  if (error instanceof HTTPException && error.status === 415) return new Fault("unsupported_media_type");
  if (error instanceof StoreError && error.reason === "conflict")
    return new Fault("conflict", { cause: error });
  return new Fault("internal", { cause: error });
}

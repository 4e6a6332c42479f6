import { z } from "@hono/zod-openapi";
import { formatDollars } from "../core/format-dollars.ts";

/** An exact amount. */
export const moneySchema = z
  .object({
    nanoDollars: z.string().describe("Integer; 1 USD is 1000000000."),
    usd: z.string().describe("The same in US dollars, exact."),
  })
  .openapi("Money");

export function money(amount: bigint): z.infer<typeof moneySchema> {
  return { nanoDollars: amount.toString(), usd: formatDollars(amount) };
}

export const timeSchema = z.iso.datetime().openapi({ example: "2026-11-23T12:00:00.000Z" });

/** Unix milliseconds -> ISO 8601 in UTC. */
export function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A time or a date (its midnight in UTC) that a caller sends -> Unix milliseconds. */
export const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "a time such as 2026-11-01T08:00:00Z or a date such as 2026-11-01",
  })
  .transform((text) => Date.parse(text))
  .openapi({ type: "string", format: "date-time", example: "2026-11-01" });

/** A number of rows in a query string. */
export function limitSchema(usual: number, most: number) {
  const error = `a whole number from 1 to ${most}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, { error })
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, { error })
    .default(usual)
    .openapi({ type: "integer", minimum: 1, maximum: most, default: usual });
}

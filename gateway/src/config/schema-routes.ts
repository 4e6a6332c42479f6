import { z } from "zod";
import type { StepCondition } from "../core/route.ts";
import { featuresSchema } from "./schema-channels.ts";
import { someDeadlinesSchema } from "./schema-server.ts";
import { integer, list, name, named, number, oneOf, section, size, text } from "./settings.ts";

const channelId = text("a channel's id `provider/upstream`");

const weightedSchema = section({
  channel: channelId.describe("Channel id: `provider/upstream`."),
  weight: number(1_000_000, { zero: false })
    .prefault(1)
    .describe("Share of the draw among the channels of this step."),
});

const conditionSchema = section({
  operation: oneOf(["chat"]).exactOptional().describe("Only for this operation."),
  minBytes: size(1024 ** 3)
    .exactOptional()
    .describe("Only where the request's body has at least this size."),
  maxBytes: size(1024 ** 3)
    .exactOptional()
    .describe("Only where the request's body has at most this size."),
  features: featuresSchema.exactOptional().describe("Only where the request needs all of these."),
  headers: named(
    name(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, "a header name in lower case"),
    z.string({ error: "the header's exact value" }),
    "header values by name",
  )
    .exactOptional()
    .describe("Only where the request has these headers with exactly these values. Names in lower case."),
}) satisfies z.ZodType<StepCondition>;

const weightedList = list(
  z.union([channelId.transform((channel) => ({ channel, weight: 1 })), weightedSchema], {
    error: "a channel id, or {channel, weight}",
  }),
  "a list of channels",
).min(1, { error: "at least one channel" });

const stepSchema = z.union(
  [
    channelId.transform((channel) => ({ channels: [{ channel, weight: 1 }] })),
    section({
      channels: weightedList.describe("Drawn by weight; the others are the fallback within the step."),
      when: conditionSchema.exactOptional().describe("The step applies only where every condition holds."),
    }),
  ],
  { error: "a channel id, or {channels, when}" },
);

const stepsSchema = list(stepSchema, "a list of steps").min(1, { error: "at least one step" });

const routeSchema = z.union(
  [
    stepsSchema.transform((steps) => ({ steps })),
    section({
      steps: stepsSchema.describe("Tried in order: channel ids, or {channels, when}."),
      attempts: integer(1, 100)
        .exactOptional()
        .describe("Most attempts for one call. Not set: one for each channel of the route, at least 3."),
      deadlines: someDeadlinesSchema
        .exactOptional()
        .describe("In place of the channels' and the general deadlines."),
    }),
  ],
  { error: "a list of channels to try in order, or {steps, attempts, deadlines}" },
);

export const routesSchema = named(
  text("a model name"),
  routeSchema,
  "routes by the model name that callers ask for",
);

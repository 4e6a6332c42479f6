import type { z } from "zod";
import { defaults } from "./defaults.ts";
import { channelsSchema } from "./schema-channels.ts";
import { providersSchema } from "./schema-providers.ts";
import { routesSchema } from "./schema-routes.ts";
import {
  adminSchema,
  deadlinesSchema,
  discoverySchema,
  limitsSchema,
  listenSchema,
  logSchema,
  responsesSchema,
  retriesSchema,
} from "./schema-server.ts";
import { flag, section, text } from "./settings.ts";

/** Everything that entente.yaml may say. Validation, JSON Schema and docs/config.md are all made from this. */
export const configSchema = section({
  listen: listenSchema.prefault({}).describe("Where clients connect."),
  data: text("a folder")
    .exactOptional()
    .describe(
      "Folder for keys, ledger and journal; relative to this file. Not set: `$XDG_DATA_HOME/entente`, else `~/.local/share/entente`.",
    ),
  providers: providersSchema
    .prefault(defaults.providers)
    .describe("Vendor accounts and engines, by an id of your choice."),
  channels: channelsSchema
    .prefault(defaults.channels)
    .describe(
      "Ways to buy a model, beside those that the catalogue knows of each provider. One with the same `provider/upstream` as the catalogue's overrides it.",
    ),
  routes: routesSchema
    .prefault(defaults.routes)
    .describe(
      "Model names that stand for channels in an order. Short form: a list of channels to try in order.",
    ),
  limits: limitsSchema.prefault({}).describe("What one server takes."),
  deadlines: deadlinesSchema.prefault({}).describe("How long to wait for a provider."),
  retries: retriesSchema.prefault({}).describe("How much extra load failures may cause."),
  responses: responsesSchema.prefault({}).describe("The Responses API's stored answers."),
  log: logSchema.prefault({}).describe("The log on standard output."),
  admin: adminSchema.prefault({}).describe("The control API."),
  discovery: discoverySchema.prefault({}).describe("What is found without being configured."),
  sim: flag().prefault(defaults.sim).describe("Offer the simulator under model names `sim/...`."),
});

export type ConfigFile = z.output<typeof configSchema>;

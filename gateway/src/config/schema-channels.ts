import { z } from "zod";
import type { Feature } from "../core/dialect.ts";
import type { Price, PriceTable } from "../core/money.ts";
import { someDeadlinesSchema } from "./schema-server.ts";
import { integer, list, oneOf, section, text, time, usd } from "./settings.ts";

const features = [
  "tools",
  "image",
  "audio",
  "file",
  "json_schema",
  "reasoning",
  "logprobs",
  "vendor_tools",
] as const satisfies Feature[];

export const featuresSchema = list(oneOf(features), "a list of features");

const priceTableSchema = section({
  input: usd().describe("Input tokens."),
  output: usd().describe("Output tokens."),
  cacheRead: usd()
    .exactOptional()
    .describe("Input read from the provider's prompt cache. Not set: as `input`."),
  cacheWrite: usd().exactOptional().describe("Input written to the prompt cache. Not set: as `input`."),
  cacheWriteLong: usd()
    .exactOptional()
    .describe("Input written to the prompt cache for an hour. Not set: as `cacheWrite`."),
  reasoning: usd().exactOptional().describe("Reasoning tokens. Not set: as `output`."),
  audioInput: usd().exactOptional().describe("Audio tokens of the input. Not set: as `input`."),
  audioOutput: usd().exactOptional().describe("Audio tokens of the output. Not set: as `output`."),
  request: usd().exactOptional().describe("Requests, by the million too: $0.002 a request is 2000."),
});

function toPriceTable(price: z.output<typeof priceTableSchema>): PriceTable {
  const {
    input,
    output,
    cacheRead,
    cacheWrite,
    cacheWriteLong,
    reasoning,
    audioInput,
    audioOutput,
    request,
  } = price;
  return {
    input,
    output,
    ...(cacheRead === undefined ? {} : { cache_read: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cache_write: cacheWrite }),
    ...(cacheWriteLong === undefined ? {} : { cache_write_long: cacheWriteLong }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(audioInput === undefined ? {} : { audio_input: audioInput }),
    ...(audioOutput === undefined ? {} : { audio_output: audioOutput }),
    ...(request === undefined ? {} : { request }),
  };
}

/** `free`, or USD per million units; it replaces the catalogue's price as a whole. */
export const priceSchema = z.union([z.literal("free"), priceTableSchema.transform(toPriceTable)], {
  error: "'free', or prices by unit such as {input: 0.15, output: 0.60}",
}) satisfies z.ZodType<Price>;

const channelLimitsSchema = section({
  contextTokens: integer(1, Number.MAX_SAFE_INTEGER).exactOptional().describe("Input and output together."),
  outputTokens: integer(1, Number.MAX_SAFE_INTEGER).exactOptional().describe("Most output of one call."),
  inFlight: integer(1, 1_000_000).exactOptional().describe("Most calls at once on this channel."),
});

const channelSchema = section({
  provider: text("a provider's id").describe("Id of a provider, configured or found."),
  model: text("a model's name")
    .exactOptional()
    .describe(
      "What callers ask for: `maker/name`, or your own name. Not set: what the catalogue says `upstream` is.",
    ),
  upstream: text("a model's name at the provider")
    .exactOptional()
    .describe("The provider's own name for it: model or deployment. Not set: the catalogue's for `model`."),
  price: priceSchema
    .exactOptional()
    .describe("`free`, or USD per million units. Not set: the provider's `price`, else the catalogue's."),
  limits: channelLimitsSchema.exactOptional().describe("In place of what the catalogue says."),
  lacks: featuresSchema.exactOptional().describe("Features that it does not have."),
  region: text("a region").exactOptional().describe("Where it runs, in the provider's words."),
  from: time().exactOptional().describe("It is not used before this time."),
  until: time().exactOptional().describe("It is not used from this time on."),
  deadlines: someDeadlinesSchema
    .exactOptional()
    .describe("In place of the provider's and the general deadlines."),
}).superRefine((channel, context) => {
  const whole = { code: "custom", params: { whole: true } } as const;
  if (channel.model === undefined && channel.upstream === undefined)
    context.addIssue({ ...whole, message: "needs `model`, `upstream` or both" });
  if (channel.from !== undefined && channel.until !== undefined && channel.from >= channel.until)
    context.addIssue({ ...whole, path: ["until"], message: "must be later than `from`" });
});

export type ChannelSetting = z.output<typeof channelSchema>;

export const channelsSchema = list(channelSchema, "a list of channels");

import * as fc from "fast-check";
import type { Part, ToolResultPart } from "../../src/core/part.ts";
import type {
  ChatRequest,
  Message,
  ReasoningRequest,
  ResponseFormat,
  Tool,
  ToolChoice,
} from "../../src/core/request.ts";
import { anyPart, cacheMarker, filePart, imagePart, type PartLimits, textPart } from "./neutral-parts.ts";
import {
  count,
  decimal,
  defined,
  extra,
  jsonObject,
  maybe,
  origin,
  text,
  unknownKind,
  word,
} from "./neutral-values.ts";
import { everything, type Profile } from "./profile.ts";

function partLimits(profile: Profile, wild: boolean): PartLimits {
  return { ...profile.request, dialect: profile.dialect, wild, logprobs: false };
}

function resultPart(
  profile: Profile,
  wild: boolean,
  call: Part & { type: "tool_call" },
): fc.Arbitrary<ToolResultPart> {
  const limits = partLimits(profile, wild);
  const all = {
    text: textPart({ ...limits, citations: [] }),
    image: imagePart(limits),
    file: filePart(limits),
  };
  return fc
    .record({
      type: fc.constant("tool_result" as const),
      id: fc.constant(call.id),
      content: fc.array(fc.oneof(...profile.request.resultParts.map((kind) => all[kind])), {
        minLength: 1,
        maxLength: 2,
      }),
      isError: maybe(profile.request.resultErrors, fc.constant(true), 5),
      custom: fc.constant(call.custom),
      cache: maybe(limits.cache, cacheMarker, 8),
    })
    .map(defined);
}

/** One message; after an assistant's tool calls also the `tool` message with all their results. */
function turn(profile: Profile, wild: boolean): fc.Arbitrary<readonly Message[]> {
  const { request } = profile;
  const limits = partLimits(profile, wild);
  const envelope = {
    name: maybe(request.names, word, 6),
    extra: maybe(request.messageExtra, extra(profile.dialect, wild), 8),
  };
  const instruction = (role: "system" | "developer") =>
    fc
      .record({
        role: fc.constant(role),
        parts: fc.array(textPart({ ...limits, citations: [] }), { minLength: 1, maxLength: 2 }),
        ...envelope,
      })
      .map((message): Message[] => [defined(message)]);
  const all: Record<Profile["request"]["roles"][number], () => fc.Arbitrary<Message[]>> = {
    system: () => instruction("system"),
    developer: () => instruction("developer"),
    user: () =>
      fc
        .record({
          role: fc.constant("user" as const),
          parts: fc.array(anyPart({ ...limits, citations: [] }, request.userParts), {
            minLength: 1,
            maxLength: 3,
          }),
          ...envelope,
        })
        .map((message): Message[] => [defined(message)]),
    assistant: () =>
      fc
        .record({
          role: fc.constant("assistant" as const),
          parts: fc.uniqueArray(anyPart(limits, request.assistantParts), {
            minLength: 1,
            maxLength: 4,
            selector: (part) =>
              part.type === "tool_call" || part.type === "reasoning" ? (part.id ?? part) : part,
          }),
          ...envelope,
        })
        .chain((assistant) => {
          const calls = assistant.parts.filter((part) => part.type === "tool_call");
          const message: Message = defined(assistant);
          if (calls.length === 0) return fc.constant([message]);
          return fc
            .tuple(...calls.map((call) => resultPart(profile, wild, call)))
            .map((parts): Message[] => [message, { role: "tool", parts }]);
        }),
  };
  return fc.oneof(
    ...request.roles.map((role) => ({ weight: role === "user" ? 3 : 2, arbitrary: all[role]() })),
  );
}

function tool(profile: Profile, wild: boolean): fc.Arbitrary<Tool> {
  const own = maybe(true, extra(profile.dialect, wild), 8);
  const all: Record<Tool["type"], fc.Arbitrary<Tool>> = {
    function: fc
      .record({
        type: fc.constant("function" as const),
        name: word,
        description: maybe(true, text, 2),
        parameters: maybe(
          true,
          jsonObject.map((properties) => ({ type: "object", properties })),
          2,
        ),
        strict: maybe(true, fc.boolean()),
        cache: maybe(profile.request.cache, cacheMarker, 6),
        extra: own,
      })
      .map(defined),
    custom: fc
      .record({
        type: fc.constant("custom" as const),
        name: word,
        description: maybe(true, text, 2),
        format: maybe(
          true,
          fc.constantFrom({ type: "text" }, { type: "grammar", syntax: "lark", definition: "start: WORD" }),
        ),
      })
      .map(defined),
    vendor: fc.record({
      type: fc.constant("vendor" as const),
      origin: origin(profile.dialect, wild),
      value: unknownKind,
    }),
  };
  return fc.oneof(
    ...profile.request.tools.map((type) => ({ weight: type === "function" ? 5 : 1, arbitrary: all[type] })),
  );
}

function toolChoice(profile: Profile, wild: boolean): fc.Arbitrary<ToolChoice> {
  const all: Record<ToolChoice["type"], fc.Arbitrary<ToolChoice>> = {
    auto: fc.constant({ type: "auto" }),
    none: fc.constant({ type: "none" }),
    required: fc.constant({ type: "required" }),
    tool: fc
      .record({
        type: fc.constant("tool" as const),
        name: word,
        custom: maybe(profile.request.custom, fc.constant(true)),
      })
      .map(defined),
    vendor: fc.record({
      type: fc.constant("vendor" as const),
      origin: origin(profile.dialect, wild),
      value: unknownKind,
    }),
  };
  return fc.oneof(...profile.request.toolChoices.map((type) => all[type]));
}

const schemaFormat: fc.Arbitrary<ResponseFormat> = fc
  .record({
    type: fc.constant("json_schema" as const),
    name: word,
    description: maybe(true, text),
    schema: jsonObject.map((properties) => ({ type: "object", properties })),
    strict: maybe(true, fc.boolean(), 2),
  })
  .map(defined);

function responseFormat(profile: Profile): fc.Arbitrary<ResponseFormat> {
  const all = {
    text: fc.constant<ResponseFormat>({ type: "text" }),
    json_object: fc.constant<ResponseFormat>({ type: "json_object" }),
    json_schema: schemaFormat,
  };
  return fc.oneof(...profile.request.formats.map((type) => all[type]));
}

function reasoning(profile: Profile): fc.Arbitrary<ReasoningRequest> {
  const may = (field: keyof ReasoningRequest) => profile.request.reasoning.includes(field);
  return fc
    .record({
      mode: maybe(
        may("mode"),
        fc.constantFrom("enabled" as const, "disabled" as const, "adaptive" as const),
        2,
      ),
      effort: maybe(
        may("effort"),
        fc.constantFrom(
          "none" as const,
          "minimal" as const,
          "low" as const,
          "medium" as const,
          "high" as const,
        ),
        2,
      ),
      budgetTokens: maybe(may("budgetTokens"), fc.integer({ min: 1024, max: 9000 }), 2),
      summary: maybe(
        may("summary"),
        fc.constantFrom("auto" as const, "concise" as const, "detailed" as const),
      ),
      encrypted: maybe(may("encrypted"), fc.constant(true)),
    })
    .map((fields): ReasoningRequest => defined(fields))
    .map((fields) => (Object.keys(fields).length === 0 ? { effort: "low" as const } : fields));
}

function within(profile: Profile, wild: boolean): fc.Arbitrary<ChatRequest> {
  const may = (field: keyof ChatRequest) => profile.request.fields.some((known) => known === field);
  const tools = fc.uniqueArray(tool(profile, wild), {
    minLength: 1,
    maxLength: 3,
    selector: (one) => (one.type === "vendor" ? one.value : one.name),
  });
  return fc
    .record({
      model: word,
      messages: fc.array(turn(profile, wild), { minLength: 1, maxLength: 4 }).map((turns) => turns.flat()),
      stream: fc.boolean(),
      streamUsage: maybe(may("streamUsage"), fc.boolean(), 2),
      maxOutputTokens: maybe(may("maxOutputTokens"), count),
      temperature: maybe(may("temperature"), decimal(0, 1)),
      topP: maybe(may("topP"), decimal(0, 1)),
      topK: maybe(may("topK"), count, 8),
      frequencyPenalty: maybe(may("frequencyPenalty"), decimal(0, 2), 6),
      presencePenalty: maybe(may("presencePenalty"), decimal(0, 2), 6),
      logitBias: maybe(
        may("logitBias"),
        fc.dictionary(fc.nat(999).map(String), fc.integer({ min: 1, max: 9 }), {
          minKeys: 1,
          maxKeys: 2,
          noNullPrototype: true,
        }),
        8,
      ),
      stop: maybe(may("stop"), fc.array(text, { minLength: 1, maxLength: 2 }), 6),
      seed: maybe(may("seed"), count, 6),
      n: maybe(may("n"), fc.integer({ min: 1, max: 4 }), 8),
      logprobs: maybe(may("logprobs"), fc.record({ top: maybe(true, fc.nat(20), 2) }).map(defined), 8),
      tools: maybe(may("tools"), tools),
      toolChoice: maybe(may("toolChoice"), toolChoice(profile, wild)),
      parallelToolCalls: maybe(may("parallelToolCalls"), fc.boolean(), 6),
      responseFormat: maybe(may("responseFormat"), responseFormat(profile), 4),
      reasoning: maybe(may("reasoning"), reasoning(profile), 4),
      verbosity: maybe(
        may("verbosity"),
        fc.constantFrom("low" as const, "medium" as const, "high" as const),
        8,
      ),
      metadata: maybe(
        may("metadata"),
        fc.dictionary(word, text, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
        6,
      ),
      user: maybe(may("user"), word, 6),
      serviceTier: maybe(may("serviceTier"), fc.constantFrom("auto", "default", "flex"), 6),
      promptCache: maybe(
        may("promptCache"),
        fc.record({ key: word, retention: maybe(true, fc.constantFrom("in_memory", "24h")) }).map(defined),
        8,
      ),
      store: maybe(may("store"), fc.boolean(), 6),
      previousResponseId: maybe(
        may("previousResponseId"),
        word.map((name) => `resp_${name}`),
        8,
      ),
      extra: maybe(true, extra(profile.dialect, wild), 6),
    })
    .map(
      ({ streamUsage, ...request }): ChatRequest =>
        defined({ ...request, streamUsage: request.stream ? streamUsage : undefined }),
    );
}

/** Requests in normal form: two of three within what the dialect can say, the rest anything at all. */
export function chatRequest(profile: Profile): fc.Arbitrary<ChatRequest> {
  const { fit } = profile.request;
  const fitting = within(profile, false);
  const samples = fc.oneof(
    { weight: 2, arbitrary: fit === undefined ? fitting : fitting.map((request) => fit(request)) },
    { weight: 1, arbitrary: within({ dialect: profile.dialect, ...everything }, true) },
  );
  // fast-check makes some objects without a prototype; a clone has the usual one.
  return samples.map((sample) => structuredClone(sample));
}

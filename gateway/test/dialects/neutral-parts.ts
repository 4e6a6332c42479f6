import * as fc from "fast-check";
import type { ChatDialectId } from "../../src/core/extra.ts";
import type {
  AudioPart,
  Citation,
  FilePart,
  ImagePart,
  MediaSource,
  Part,
  ReasoningPart,
  RefusalPart,
  TextPart,
  TokenLogprob,
  ToolCallPart,
  VendorPart,
} from "../../src/core/part.ts";
import { defined, extra, jsonObject, maybe, origin, text, unknownKind, word } from "./neutral-values.ts";

/** What the parts of one place may be made of. */
export interface PartLimits {
  readonly dialect: ChatDialectId;
  /** Origins and extra of other dialects, too. */
  readonly wild: boolean;
  readonly cache: boolean;
  readonly custom: boolean;
  readonly logprobs: boolean;
  readonly citations: readonly Citation["kind"][];
  readonly imageSources: readonly MediaSource["kind"][];
  readonly imageDetail: boolean;
  readonly fileSources: readonly MediaSource["kind"][];
  readonly fileNotes: readonly ("filename" | "title" | "context" | "citations")[];
}

const base64 = fc
  .uint8Array({ minLength: 1, maxLength: 6 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));
const webUrl = word.map((name) => `https://example.com/${name}`);

export const cacheMarker = fc
  .record({ ttl: maybe(true, fc.constantFrom("5m" as const, "1h" as const)) })
  .map(defined);

function mediaSource(
  limits: PartLimits,
  kinds: readonly MediaSource["kind"][],
  mediaType: string,
): fc.Arbitrary<MediaSource> {
  const all: Record<MediaSource["kind"], fc.Arbitrary<MediaSource>> = {
    url: webUrl.map((url) => ({ kind: "url", url })),
    base64: base64.map((data) => ({ kind: "base64", mediaType, data })),
    text: text.map((value) => ({ kind: "text", mediaType: "text/plain", text: value })),
    id: fc
      .tuple(word, origin(limits.dialect, limits.wild))
      .map(([id, from]) => ({ kind: "id", id: `file-${id}`, origin: from })),
  };
  return fc.oneof(...kinds.map((kind) => all[kind]));
}

const logprob: fc.Arbitrary<TokenLogprob> = fc
  .tuple(text, fc.integer({ min: -900, max: -1 }), fc.boolean())
  .map(([token, hundredths, bytes]) => ({
    token,
    logprob: hundredths / 100,
    ...(bytes ? { bytes: [...Buffer.from(token)] } : {}),
  }));
const logprobs = fc.array(
  fc
    .tuple(logprob, fc.array(logprob, { maxLength: 2 }))
    .map(([one, top]) => (top.length === 0 ? one : { ...one, top })),
  { minLength: 1, maxLength: 3 },
);

function citation(limits: PartLimits): fc.Arbitrary<Citation> {
  const all: Record<Citation["kind"], fc.Arbitrary<Citation>> = {
    url: fc.tuple(webUrl, text, fc.nat(20), fc.nat(20)).map(([url, title, start, length]) => ({
      kind: "url",
      url,
      title,
      start,
      end: start + length + 1,
    })),
    document: fc
      .tuple(fc.nat(3), maybe(true, text), text, fc.constantFrom("char", "page", "block"), fc.nat(20))
      .map(([document, title, quote, unit, start]) =>
        defined({ kind: "document" as const, document, title, quote, unit, start, end: start + 1 }),
      ),
    vendor: fc
      .tuple(unknownKind, origin(limits.dialect, limits.wild))
      .map(([value, from]) => ({ kind: "vendor", origin: from, value })),
  };
  return fc.oneof(...limits.citations.map((kind) => all[kind]));
}

function someCitations(limits: PartLimits): fc.Arbitrary<readonly Citation[] | undefined> {
  if (limits.citations.length === 0) return fc.constant(undefined);
  return maybe(true, fc.array(citation(limits), { minLength: 1, maxLength: 2 }), 4);
}

export function textPart(limits: PartLimits): fc.Arbitrary<TextPart> {
  return fc
    .record({
      type: fc.constant("text" as const),
      text,
      citations: someCitations(limits),
      logprobs: maybe(limits.logprobs, logprobs, 4),
      cache: maybe(limits.cache, cacheMarker, 6),
    })
    .map(defined);
}

export function imagePart(limits: PartLimits): fc.Arbitrary<ImagePart> {
  return fc
    .record({
      type: fc.constant("image" as const),
      source: mediaSource(limits, limits.imageSources, "image/png"),
      detail: maybe(limits.imageDetail, fc.constantFrom("low" as const, "high" as const, "auto" as const)),
      cache: maybe(limits.cache, cacheMarker, 6),
    })
    .map(defined);
}

function audioPart(): fc.Arbitrary<AudioPart> {
  return fc
    .tuple(base64, fc.constantFrom(["audio/wav", "wav"] as const, ["audio/mpeg", "mp3"] as const))
    .map(([data, [mediaType, format]]) => ({
      type: "audio",
      source: { kind: "base64", mediaType, data },
      format,
    }));
}

export function filePart(limits: PartLimits): fc.Arbitrary<FilePart> {
  const may = (note: PartLimits["fileNotes"][number]) => limits.fileNotes.includes(note);
  return fc
    .record({
      type: fc.constant("file" as const),
      source: mediaSource(limits, limits.fileSources, "application/pdf"),
      filename: maybe(
        may("filename"),
        word.map((name) => `${name}.pdf`),
      ),
      title: maybe(may("title"), text),
      context: maybe(may("context"), text, 6),
      citations: maybe(may("citations"), fc.constant(true), 6),
      cache: maybe(limits.cache, cacheMarker, 6),
    })
    .map(defined);
}

/** Signed or not, shown or hidden; never empty. */
function reasoningPart(limits: PartLimits): fc.Arbitrary<ReasoningPart> {
  const signature = fc.record({
    origin: origin(limits.dialect, limits.wild),
    value: fc
      .uint8Array({ minLength: 3, maxLength: 9 })
      .map((bytes) => Buffer.from(bytes).toString("base64")),
  });
  const id = maybe(
    true,
    word.map((name) => `rs_${name}`),
  );
  return fc.oneof(
    fc
      .record({ type: fc.constant("reasoning" as const), id, text, signature: maybe(true, signature, 2) })
      .map(defined),
    fc
      .record({
        type: fc.constant("reasoning" as const),
        id,
        summary: fc.array(text, { minLength: 1, maxLength: 2 }),
        signature: maybe(true, signature, 2),
      })
      .map(defined),
    fc
      .record({ type: fc.constant("reasoning" as const), id, signature, redacted: fc.constant(true) })
      .map(defined),
  );
}

export function toolCallPart(limits: PartLimits): fc.Arbitrary<ToolCallPart> {
  const id = fc.stringMatching(/^call_[a-zA-Z0-9]{8}$/);
  const byFunction = fc
    .record({
      type: fc.constant("tool_call" as const),
      id,
      name: word,
      arguments: jsonObject.map((value) => JSON.stringify(value)),
      cache: maybe(limits.cache, cacheMarker, 8),
    })
    .map(defined);
  const byCustom: fc.Arbitrary<ToolCallPart> = fc.record({
    type: fc.constant("tool_call" as const),
    id,
    name: word,
    arguments: text,
    custom: fc.constant(true),
  });
  return limits.custom
    ? fc.oneof({ weight: 3, arbitrary: byFunction }, { weight: 1, arbitrary: byCustom })
    : byFunction;
}

function refusalPart(limits: PartLimits): fc.Arbitrary<RefusalPart> {
  return fc
    .record({ type: fc.constant("refusal" as const), text, logprobs: maybe(limits.logprobs, logprobs, 4) })
    .map(defined);
}

function vendorPart(limits: PartLimits): fc.Arbitrary<VendorPart> {
  return fc.record({
    type: fc.constant("vendor" as const),
    origin: origin(limits.dialect, limits.wild),
    value: unknownKind,
  });
}

/** Any part of these kinds but tool results, about one in eight with extra fields where it can have them. */
export function anyPart(limits: PartLimits, kinds: readonly Part["type"][]): fc.Arbitrary<Part> {
  const withExtra = <Some extends Part>(part: fc.Arbitrary<Some>): fc.Arbitrary<Some> =>
    fc
      .tuple(part, maybe(true, extra(limits.dialect, limits.wild), 8))
      .map(([some, fields]) => (fields === undefined ? some : { ...some, extra: fields }));
  const all: Record<Exclude<Part["type"], "tool_result">, () => fc.Arbitrary<Part>> = {
    text: () => textPart(limits),
    image: () => withExtra(imagePart(limits)),
    audio: () => audioPart(),
    file: () => withExtra(filePart(limits)),
    reasoning: () => reasoningPart(limits),
    tool_call: () => withExtra(toolCallPart(limits)),
    refusal: () => refusalPart(limits),
    vendor: () => vendorPart(limits),
  };
  return fc.oneof(
    ...kinds
      .filter((kind) => kind !== "tool_result")
      .map((kind) => ({
        weight: kind === "text" ? 4 : kind === "vendor" && limits.wild ? 1 : 2,
        arbitrary: all[kind](),
      })),
  );
}

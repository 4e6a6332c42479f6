import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { ReasoningPart, ReasoningSignature } from "../../core/part.ts";
import { extraFields } from "../extra.ts";
import { unwrapSignature, wrapSignature } from "../foreign-signature.ts";
import type { Reader } from "../reader.ts";
import { id } from "./id.ts";

/**
 * The dialect's author shows no reasoning. Vendors that do put its text in `reasoning_content` (DeepSeek, vLLM) or
 * `reasoning` (Groq, OpenRouter), and OpenRouter adds `reasoning_details`: items of type `reasoning.text`,
 * `reasoning.summary` and `reasoning.encrypted`, those of one block with one `index`, to be sent back as they are.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens
 *
 * Entente writes `reasoning_content` for clients to show and `reasoning_details` to keep what text alone does not
 * say. Of its own making is only `summary_index`, which tells the summaries of one block apart.
 */
export class DetailGroup {
  #text = "";
  #id: string | undefined;
  #proof: string | undefined;
  #encrypted = false;
  #fields: JsonObject = {};
  readonly #summary = new Map<number, string>();

  /** One item, whole or a piece of a stream. Returns what it adds. */
  add(detail: Reader): {
    readonly text: string;
    readonly summary: { readonly index: number; readonly text: string } | undefined;
    readonly signed: boolean;
  } {
    const detailId = detail.optionalString("id");
    this.#id ??= detailId;
    detail.take("index");
    let text = "";
    let summary: { index: number; text: string } | undefined;
    let proof: string | undefined;
    switch (detail.peek("type")) {
      case "reasoning.text":
        detail.take("type");
        text = detail.optionalString("text") ?? "";
        proof = detail.optionalString("signature");
        break;
      case "reasoning.summary":
        detail.take("type");
        summary = {
          index: detail.optionalInteger("summary_index") ?? 0,
          text: detail.optionalString("summary") ?? "",
        };
        this.#summary.set(summary.index, (this.#summary.get(summary.index) ?? "") + summary.text);
        break;
      case "reasoning.encrypted":
        detail.take("type");
        proof = detail.optionalString("data");
        this.#encrypted = true;
        break;
      default:
        // An unknown type stays among the fields and goes back with them.
        break;
    }
    this.#text += text;
    if (proof !== undefined && proof !== "") this.#proof = proof;
    const rest = detail.rest(id);
    if (rest !== undefined) this.#fields = { ...this.#fields, ...rest.fields };
    return { text, summary, signed: proof !== undefined && proof !== "" };
  }

  /** True where nothing so far shows what was thought. */
  get silent(): boolean {
    return this.#text === "" && this.#summary.size === 0;
  }

  get signature(): ReasoningSignature | undefined {
    if (this.#proof === undefined) return undefined;
    const carried = unwrapSignature(this.#proof);
    return carried === undefined ? { origin: id, value: this.#proof } : carried.signature;
  }

  part(): ReasoningPart {
    const carried = this.#proof === undefined ? undefined : unwrapSignature(this.#proof);
    const partId = carried?.id ?? this.#id;
    const { signature } = this;
    const redacted = carried === undefined ? this.#encrypted && this.silent : carried.redacted === true;
    const summary = [...this.#summary].sort(([one], [other]) => one - other).map(([, piece]) => piece);
    return {
      type: "reasoning",
      ...(partId === undefined ? {} : { id: partId }),
      ...(this.#text === "" ? {} : { text: this.#text }),
      ...(summary.length === 0 ? {} : { summary }),
      ...(signature === undefined ? {} : { signature }),
      ...(redacted ? { redacted } : {}),
      ...(Object.keys(this.#fields).length === 0 ? {} : { extra: { dialect: id, fields: this.#fields } }),
    };
  }
}

/** Which items belong together: those of one `index`; an item without one stands alone. */
export function groupKey(detail: Reader, position: number): string {
  const index = detail.peek("index");
  return typeof index === "number" ? `index ${index}` : `item ${position}`;
}

/** The plain text of a message's or a delta's reasoning; undefined where there is none. */
export function reasoningText(message: Reader): string | undefined {
  const content = message.optionalString("reasoning_content");
  const reasoning = message.optionalString("reasoning");
  return content || reasoning || undefined;
}

/** The reasoning of a whole message. Text in the details counts; the plain field then repeats it. */
export function decodeReasoning(message: Reader): ReasoningPart[] {
  const text = reasoningText(message);
  const groups = new Map<string, DetailGroup>();
  for (const [position, detail] of (message.optionalItems("reasoning_details") ?? []).entries()) {
    const key = groupKey(detail, position);
    const group = groups.get(key) ?? new DetailGroup();
    group.add(detail);
    groups.set(key, group);
  }
  const parts = [...groups.values()].map((group) => group.part());
  const shown = [...groups.values()].some((group) => !group.silent);
  if (shown || text === undefined) return parts;
  const [first, ...others] = parts;
  if (first === undefined) return [{ type: "reasoning", text }];
  const { redacted: _, ...visible } = first;
  return [{ ...visible, text }, ...others];
}

/** The string that proves a part to its origin; `shown`: text or a summary goes with it. */
export function proofOf(
  part: Pick<ReasoningPart, "signature" | "redacted">,
  shown: boolean,
): string | undefined {
  const { signature, redacted } = part;
  if (signature === undefined && redacted === undefined) return undefined;
  const native =
    signature?.origin === id &&
    (redacted === true) === !shown &&
    unwrapSignature(signature.value) === undefined;
  return native ? signature.value : wrapSignature(signature, redacted === undefined ? {} : { redacted });
}

/** The `reasoning_details` of one part. */
export function encodeDetails(
  part: ReasoningPart,
  index: number,
  losses: Losses,
  path: string,
): JsonObject[] {
  const common: JsonObject = {
    type: "reasoning.text",
    ...extraFields(part.extra, id, losses, `${path}.`),
    ...(part.id === undefined ? {} : { id: part.id }),
    index,
  };
  const proof = proofOf(part, part.text !== undefined || part.summary !== undefined);
  const items: JsonObject[] = (part.summary ?? []).map((summary, position) => ({
    ...common,
    type: "reasoning.summary",
    summary,
    ...(position === 0 ? {} : { summary_index: position }),
  }));
  if (part.text !== undefined) {
    items.push({
      ...common,
      type: "reasoning.text",
      text: part.text,
      ...(proof === undefined ? {} : { signature: proof }),
    });
  } else if (proof !== undefined) {
    items.push({ ...common, type: "reasoning.encrypted", data: proof });
  }
  return items.length === 0 ? [common] : items;
}

/** What a client may show of a part. */
export function shownText(part: ReasoningPart): string {
  return part.text ?? (part.summary ?? []).join("\n\n");
}

/** True where the text alone says all there is of the part. */
export function isPlain(part: ReasoningPart): boolean {
  const { id: partId, summary, signature, redacted, extra } = part;
  return [partId, summary, signature, redacted, extra].every((field) => field === undefined);
}

/** The reasoning fields of an answer's message, for any origin; empty where there is no reasoning. */
export function encodeReasoning(
  parts: readonly { readonly part: ReasoningPart; readonly path: string }[],
  losses: Losses,
): JsonObject {
  const [only] = parts;
  if (only === undefined) return {};
  const text = parts
    .map(({ part }) => shownText(part))
    .filter((shown) => shown !== "")
    .join("\n\n");
  const plain = parts.length === 1 && isPlain(only.part) && only.part.text !== undefined;
  return {
    ...(text === "" ? {} : { reasoning_content: text }),
    ...(plain
      ? {}
      : {
          reasoning_details: parts.flatMap(({ part, path }, index) =>
            encodeDetails(part, index, losses, path),
          ),
        }),
  };
}

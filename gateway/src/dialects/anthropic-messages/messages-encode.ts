import type { Quirks } from "../../core/dialect.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Losses } from "../../core/loss.ts";
import type { Message } from "../../core/request.ts";
import { extraFields } from "../extra.ts";
import { encodeRequestBlock, plainTextOf } from "./block-encode.ts";
import { origin } from "./origin.ts";

interface WireMessage {
  readonly role: "user" | "assistant" | "system";
  readonly blocks: JsonObject[];
  extra: JsonObject | undefined;
}

export interface EncodedMessages {
  readonly system?: string | JsonObject[];
  readonly messages: JsonObject[];
  /** The last turn called tools and does not begin with thinking: manual thinking cannot be turned on in mid-turn. */
  readonly unthoughtToolTurn: boolean;
}

/** @throws Fault `vendor_only` */
export function encodeMessages(
  messages: readonly Message[],
  quirks: Quirks,
  losses: Losses,
): EncodedMessages {
  const system: JsonObject[] = [];
  const writer = new ConversationWriter(quirks, losses);
  let leading = true;
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    const instructs = message.role === "system" || message.role === "developer";
    leading &&= instructs;
    if (message.name !== undefined) losses.add(`${path}.name`);
    if (!instructs) {
      writer.write(message, path);
    } else if (leading) {
      // The system prompt is one: a developer's is the same, and a second message is further blocks of it.
      loseExtra(message, losses, path);
      system.push(...blocksOf(message, losses, path));
    } else {
      writer.instruct(message, path);
    }
  }
  const text = plainTextOf(system);
  return {
    ...(system.length === 0 ? {} : { system: text ?? system }),
    messages: writer.messages.map(wireMessage),
    unthoughtToolTurn: writer.unthoughtToolTurn,
  };
}

/** Lays turns out as Anthropic wants them: results first in the user turn that follows the calls. */
class ConversationWriter {
  readonly #quirks: Quirks;
  readonly #losses: Losses;
  readonly messages: WireMessage[] = [];
  /** The last message, while what the user says next may join it. */
  #joinable: WireMessage | undefined;
  /** The last message, while it is an instruction in user's clothes, before which tool results must go. */
  #instruction: WireMessage | undefined;

  constructor(quirks: Quirks, losses: Losses) {
    this.#quirks = quirks;
    this.#losses = losses;
  }

  write(message: Message, path: string): void {
    const blocks = blocksOf(message, this.#losses, path);
    const extra = extraFields(message.extra, origin, this.#losses, `${path}.`);
    if (message.role === "tool") {
      this.#addResults(blocks, extra);
    } else if (message.role === "user" && this.#joinable !== undefined) {
      this.#joinable.blocks.push(...blocks);
      if (blocks.length > 0) this.#joinable.extra = extra;
      this.#joinable = undefined;
    } else {
      this.#push({ role: message.role === "assistant" ? "assistant" : "user", blocks, extra });
    }
  }

  /**
   * An instruction in mid-conversation. Models that know one take it after a user turn; for all others it is part of
   * what the user says.
   */
  instruct(message: Message, path: string): void {
    const blocks = blocksOf(message, this.#losses, path);
    const afterUser = this.messages.at(-1)?.role === "user";
    if (this.#quirks.systemTurns === true && afterUser) {
      if (message.role === "developer") this.#losses.add(`${path}.role`);
      const extra = extraFields(message.extra, origin, this.#losses, `${path}.`);
      this.#push({ role: "system", blocks, extra });
      return;
    }
    this.#losses.add(`${path}.role`);
    loseExtra(message, this.#losses, path);
    if (this.#joinable !== undefined) {
      this.#joinable.blocks.push(...blocks);
      return;
    }
    this.#push({ role: "user", blocks, extra: undefined });
    this.#instruction = this.messages.at(-1);
  }

  get unthoughtToolTurn(): boolean {
    const last = this.messages.findLast(({ role }) => role === "assistant");
    const kind = last?.blocks[0]?.["type"];
    const thought = kind === "thinking" || kind === "redacted_thinking";
    return !thought && last?.blocks.some((block) => block["type"] === "tool_use") === true;
  }

  #addResults(blocks: JsonObject[], extra: JsonObject | undefined): void {
    if (this.#instruction !== undefined && extra === undefined) {
      this.#instruction.blocks.unshift(...blocks);
      this.#joinable = this.#instruction;
      this.#instruction = undefined;
      return;
    }
    this.#push({ role: "user", blocks, extra });
    if (extra === undefined && blocks.length > 0) this.#joinable = this.messages.at(-1);
  }

  /** A turn of which nothing could be said is left out: the vendor rejects empty ones. */
  #push(message: WireMessage): void {
    this.#joinable = undefined;
    this.#instruction = undefined;
    if (message.blocks.length > 0) this.messages.push(message);
  }
}

function blocksOf(message: Message, losses: Losses, path: string): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const block = encodeRequestBlock(part, losses, `${path}.parts[${index}]`);
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

function loseExtra(message: Message, losses: Losses, path: string): void {
  for (const key of Object.keys(message.extra?.fields ?? {})) losses.add(`${path}.extra.${key}`);
}

function wireMessage({ role, blocks, extra }: WireMessage): JsonObject {
  return { ...extra, role, content: plainTextOf(blocks) ?? blocks };
}

import Anthropic from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import type {
  ContentBlockParam,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
} from "@anthropic-ai/sdk/resources/messages";
import {
  type CallOptions,
  type ClientAccess,
  type Conversation,
  countPieces,
  HeaderNote,
  type Piece,
  type SdkClient,
  type Terms,
  type Told,
} from "./sdk-client.ts";

const max_tokens = 4096;

/** `client.messages` of the package `@anthropic-ai/sdk`. */
export function anthropicClient(access: ClientAccess): SdkClient {
  const { url, key, signal } = access;
  const options = signal === undefined ? {} : { signal };
  const note = new HeaderNote(access);
  const client = new Anthropic({ baseURL: url, apiKey: key, fetch: note.fetch, maxRetries: 0 });
  return {
    dialect: "anthropic-messages",
    converse: (terms) => new MessagesConversation(client, note, terms, options),
    async parse(model, prompt, shape) {
      const messages: MessageParam[] = [{ role: "user", content: prompt }];
      const format = zodOutputFormat(shape);
      const answer = await client.messages.parse({ model, max_tokens, messages, output_config: { format } });
      return answer.parsed_output;
    },
    async readStream(model, prompt, abortAfter) {
      const stream = await client.messages.create({
        model,
        max_tokens,
        messages: [{ role: "user", content: prompt }],
        stream: true,
      });
      const pieces = await countPieces(
        stream,
        (event) => event.type === "content_block_delta" && event.delta.type === "text_delta",
        abortAfter,
      );
      return { pieces, headers: note.headers };
    },
  };
}

class MessagesConversation implements Conversation {
  readonly #client: Anthropic;
  readonly #note: HeaderNote;
  readonly #terms: Terms;
  readonly #options: CallOptions;
  readonly #messages: MessageParam[] = [];

  constructor(client: Anthropic, note: HeaderNote, terms: Terms, options: CallOptions) {
    this.#client = client;
    this.#note = note;
    this.#terms = terms;
    this.#options = options;
  }

  say(content: string | readonly Piece[]): Promise<Told> {
    this.#messages.push({
      role: "user",
      content: typeof content === "string" ? content : content.map(block),
    });
    return this.#ask();
  }

  giveResults(results: Readonly<Record<string, string>>): Promise<Told> {
    this.#messages.push({
      role: "user",
      content: Object.entries(results).map(([tool_use_id, content]) => ({
        type: "tool_result",
        tool_use_id,
        content,
      })),
    });
    return this.#ask();
  }

  async #ask(): Promise<Told> {
    const { model, stream, system, outputLimit, tools, reasoning } = this.#terms;
    const body: MessageCreateParamsNonStreaming = {
      model,
      max_tokens: outputLimit ?? max_tokens,
      messages: this.#messages,
      ...(system === undefined ? {} : { system }),
      ...(tools === undefined
        ? {}
        : { tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })) }),
      ...(reasoning === true ? { thinking: { type: "enabled" as const, budget_tokens: 1024 } } : {}),
    };
    if (!stream) return this.#told(await this.#client.messages.create(body, this.#options), 0);
    let pieces = 0;
    const events = this.#client.messages.stream(body, this.#options).on("text", () => {
      pieces += 1;
    });
    return this.#told(await events.finalMessage(), pieces);
  }

  #told(message: Message, pieces: number): Told {
    this.#messages.push({ role: "assistant", content: message.content });
    const { content, usage } = message;
    return {
      id: message.id,
      model: message.model,
      text: content.map((part) => (part.type === "text" ? part.text : "")).join(""),
      reasoning: content.map((part) => (part.type === "thinking" ? part.thinking : "")).join(""),
      calls: content
        .filter((part) => part.type === "tool_use")
        .map((part) => ({ id: part.id, name: part.name, arguments: part.input })),
      finish: message.stop_reason ?? "",
      usage: { input: usage.input_tokens, output: usage.output_tokens },
      pieces,
      headers: this.#note.headers,
    };
  }
}

function block(piece: Piece): ContentBlockParam {
  if (piece.type === "text") return piece;
  const { data } = piece;
  return piece.type === "image"
    ? { type: "image", source: { type: "base64", media_type: piece.mediaType, data } }
    : {
        type: "document",
        title: piece.filename,
        source: { type: "base64", media_type: "application/pdf", data },
      };
}

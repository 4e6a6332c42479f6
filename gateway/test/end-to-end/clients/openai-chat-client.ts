import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type {
  ChatCompletion,
  ChatCompletionContentPart,
  ChatCompletionCreateParams,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
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

/** What reasoning models behind this dialect add to a message; the SDK's types do not know it. */
interface Thoughts {
  reasoning_content?: string;
  reasoning_details?: { index?: number; type?: string; text?: string; [name: string]: unknown }[];
}

/** `client.chat.completions` of the package `openai`. */
export function openaiChatClient(access: ClientAccess): SdkClient {
  const { url, key, signal } = access;
  const options = signal === undefined ? {} : { signal };
  const note = new HeaderNote(access);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, fetch: note.fetch, maxRetries: 0 });
  return {
    dialect: "openai-chat",
    converse: (terms) => new ChatConversation(client, note, terms, options),
    async parse(model, prompt, shape) {
      const messages = [{ role: "user", content: prompt }] as const;
      const response_format = zodResponseFormat(shape, "answer");
      const answer = await client.chat.completions.parse({ model, messages: [...messages], response_format });
      return answer.choices[0]?.message.parsed;
    },
    async readStream(model, prompt, abortAfter) {
      const stream = await client.chat.completions.create({
        model,
        messages: [{ role: "user", content: prompt }],
        stream: true,
      });
      const pieces = await countPieces(
        stream,
        (chunk) => Boolean(chunk.choices[0]?.delta.content),
        abortAfter,
      );
      return { pieces, headers: note.headers };
    },
  };
}

class ChatConversation implements Conversation {
  readonly #client: OpenAI;
  readonly #note: HeaderNote;
  readonly #terms: Terms;
  readonly #options: CallOptions;
  readonly #messages: ChatCompletionMessageParam[] = [];

  constructor(client: OpenAI, note: HeaderNote, terms: Terms, options: CallOptions) {
    this.#client = client;
    this.#note = note;
    this.#terms = terms;
    this.#options = options;
    if (terms.system !== undefined) this.#messages.push({ role: "system", content: terms.system });
  }

  say(content: string | readonly Piece[]): Promise<Told> {
    this.#messages.push({
      role: "user",
      content: typeof content === "string" ? content : content.map(contentPart),
    });
    return this.#ask();
  }

  giveResults(results: Readonly<Record<string, string>>): Promise<Told> {
    for (const [id, content] of Object.entries(results))
      this.#messages.push({ role: "tool", tool_call_id: id, content });
    return this.#ask();
  }

  async #ask(): Promise<Told> {
    const { model, stream, outputLimit, tools, reasoning } = this.#terms;
    const body = {
      model,
      messages: this.#messages,
      ...(outputLimit === undefined ? {} : { max_completion_tokens: outputLimit }),
      ...(tools === undefined
        ? {}
        : { tools: tools.map((tool) => ({ type: "function" as const, function: { ...tool } })) }),
      ...(reasoning === true ? { reasoning_effort: "low" as const } : {}),
    };
    return stream ? this.#streamed(body) : this.#whole(body);
  }

  async #whole(body: Omit<ChatCompletionCreateParams, "stream">): Promise<Told> {
    return this.#told(
      await this.#client.chat.completions.create({ ...body, stream: false }, this.#options),
      0,
    );
  }

  async #streamed(body: Omit<ChatCompletionCreateParams, "stream">): Promise<Told> {
    let pieces = 0;
    const thoughts: Thoughts = {};
    const stream = this.#client.chat.completions
      .stream({ ...body, stream: true, stream_options: { include_usage: true } }, this.#options)
      .on("content", () => {
        pieces += 1;
      })
      .on("chunk", ({ choices }) => {
        if (choices[0] !== undefined) collect(thoughts, choices[0].delta as Thoughts);
      });
    const completion = await stream.finalChatCompletion();
    // The helper keeps only the last piece of a field that it does not know.
    const message = completion.choices[0]?.message;
    if (message !== undefined) Object.assign(message, thoughts);
    return this.#told(completion, pieces);
  }

  #told(completion: ChatCompletion, pieces: number): Told {
    const [choice] = completion.choices;
    if (choice === undefined) throw new Error("no choice");
    const message: ChatCompletionMessage & Thoughts = choice.message;
    this.#messages.push(message);
    return {
      id: completion.id,
      model: completion.model,
      text: message.content ?? "",
      reasoning: message.reasoning_content ?? "",
      calls: (message.tool_calls ?? []).map((call) => {
        if (call.type !== "function") throw new Error(`a call of type ${call.type}`);
        return { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) };
      }),
      finish: choice.finish_reason,
      usage: {
        input: completion.usage?.prompt_tokens,
        output: completion.usage?.completion_tokens,
        total: completion.usage?.total_tokens,
      },
      pieces,
      headers: this.#note.headers,
    };
  }
}

/** Pieces of one block of reasoning have one index: text grows, all else is set. */
function collect(thoughts: Thoughts, delta: Thoughts): void {
  if (delta.reasoning_content !== undefined)
    thoughts.reasoning_content = (thoughts.reasoning_content ?? "") + delta.reasoning_content;
  for (const { text, ...piece } of delta.reasoning_details ?? []) {
    thoughts.reasoning_details ??= [];
    const known = thoughts.reasoning_details.find(
      ({ index, type }) => index === piece.index && type === piece.type,
    );
    const grown = text === undefined ? {} : { text: (known?.text ?? "") + text };
    if (known === undefined) thoughts.reasoning_details.push({ ...piece, ...grown });
    else Object.assign(known, piece, grown);
  }
}

function contentPart(piece: Piece): ChatCompletionContentPart {
  if (piece.type === "text") return piece;
  if (piece.type === "image")
    return { type: "image_url", image_url: { url: `data:${piece.mediaType};base64,${piece.data}` } };
  const file_data = `data:application/pdf;base64,${piece.data}`;
  return { type: "file", file: { filename: piece.filename, file_data } };
}

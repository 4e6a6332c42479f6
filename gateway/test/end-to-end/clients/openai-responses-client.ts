import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import type {
  Response,
  ResponseCreateParams,
  ResponseInputContent,
  ResponseInputItem,
} from "openai/resources/responses/responses";
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

/** `client.responses` of the package `openai`, with the history kept by the caller. */
export function openaiResponsesClient(access: ClientAccess): SdkClient {
  const { url, key, signal } = access;
  const options = signal === undefined ? {} : { signal };
  const note = new HeaderNote(access);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, fetch: note.fetch, maxRetries: 0 });
  return {
    dialect: "openai-responses",
    converse: (terms) => new ResponsesConversation(client, note, terms, options),
    async parse(model, input, shape) {
      const format = zodTextFormat(shape, "answer");
      const answer = await client.responses.parse({ model, input, text: { format } });
      return answer.output_parsed;
    },
    async readStream(model, input, abortAfter) {
      const stream = await client.responses.create({ model, input, stream: true });
      const pieces = await countPieces(
        stream,
        (event) => event.type === "response.output_text.delta",
        abortAfter,
      );
      return { pieces, headers: note.headers };
    },
  };
}

class ResponsesConversation implements Conversation {
  readonly #client: OpenAI;
  readonly #note: HeaderNote;
  readonly #terms: Terms;
  readonly #options: CallOptions;
  readonly #input: ResponseInputItem[] = [];

  constructor(client: OpenAI, note: HeaderNote, terms: Terms, options: CallOptions) {
    this.#client = client;
    this.#note = note;
    this.#terms = terms;
    this.#options = options;
  }

  say(content: string | readonly Piece[]): Promise<Told> {
    this.#input.push({
      type: "message",
      role: "user",
      content: typeof content === "string" ? content : content.map(inputContent),
    });
    return this.#ask();
  }

  giveResults(results: Readonly<Record<string, string>>): Promise<Told> {
    for (const [call_id, output] of Object.entries(results))
      this.#input.push({ type: "function_call_output", call_id, output });
    return this.#ask();
  }

  async #ask(): Promise<Told> {
    const { model, stream, system, outputLimit, tools, reasoning } = this.#terms;
    const body = {
      model,
      input: this.#input,
      store: false,
      ...(outputLimit === undefined ? {} : { max_output_tokens: outputLimit }),
      ...(system === undefined ? {} : { instructions: system }),
      ...(tools === undefined
        ? {}
        : { tools: tools.map((tool) => ({ type: "function" as const, strict: null, ...tool })) }),
      ...(reasoning === true
        ? {
            reasoning: { effort: "low" as const },
            include: ["reasoning.encrypted_content" as const],
          }
        : {}),
    };
    return stream ? this.#streamed(body) : this.#whole(body);
  }

  async #whole(body: Omit<ResponseCreateParams, "stream">): Promise<Told> {
    return this.#told(await this.#client.responses.create({ ...body, stream: false }, this.#options), 0);
  }

  async #streamed(body: Omit<ResponseCreateParams, "stream">): Promise<Told> {
    let pieces = 0;
    const stream = this.#client.responses
      .stream({ ...body, stream: true }, this.#options)
      .on("response.output_text.delta", () => {
        pieces += 1;
      });
    return this.#told(await stream.finalResponse(), pieces);
  }

  #told(response: Response, pieces: number): Told {
    this.#input.push(...response.output.map(asInput));
    const calls = response.output.filter((item) => item.type === "function_call");
    return {
      id: response.id,
      model: response.model,
      text: response.output_text,
      reasoning: response.output
        .flatMap((item) => (item.type === "reasoning" ? [...item.summary, ...(item.content ?? [])] : []))
        .map(({ text }) => text)
        .join(""),
      calls: calls.map((call) => ({
        id: call.call_id,
        name: call.name,
        arguments: JSON.parse(call.arguments),
      })),
      finish: response.incomplete_details?.reason ?? response.status ?? "",
      usage: {
        input: response.usage?.input_tokens,
        output: response.usage?.output_tokens,
        total: response.usage?.total_tokens,
      },
      pieces,
      headers: this.#note.headers,
    };
  }
}

/** What the SDK's helpers add to an answer is not for the wire. */
function asInput(item: Response["output"][number]): ResponseInputItem {
  const { parsed_arguments: _, ...rest } = item as typeof item & { parsed_arguments?: unknown };
  return rest as ResponseInputItem;
}

function inputContent(piece: Piece): ResponseInputContent {
  if (piece.type === "text") return { type: "input_text", text: piece.text };
  if (piece.type === "image") {
    const image_url = `data:${piece.mediaType};base64,${piece.data}`;
    return { type: "input_image", detail: "auto", image_url };
  }
  const file_data = `data:application/pdf;base64,${piece.data}`;
  return { type: "input_file", filename: piece.filename, file_data };
}

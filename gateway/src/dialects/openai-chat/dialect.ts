import type { ChatDialect, Quirks } from "../../core/dialect.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { openaiErrorBody, openaiFailure } from "../openai-error.ts";
import { errorFrame } from "./errors.ts";
import { id } from "./id.ts";
import { passes } from "./passes.ts";
import { decodeRequest } from "./request-decode.ts";
import { encodeRequest } from "./request-encode.ts";
import { peekRequest } from "./request-peek.ts";
import { decodeResponse } from "./response-decode.ts";
import { encodeResponse } from "./response-encode.ts";
import { ChunkDecoder } from "./stream-decode.ts";
import { ChunkEncoder } from "./stream-encode.ts";
import { findUsage } from "./usage.ts";

/** Streams are asked for their usage unless the client did so itself. */
function meteringFields(body: JsonObject, quirks: Quirks): JsonObject {
  if (body["stream"] !== true || quirks.streamOptions === false) return {};
  const options = body["stream_options"];
  const own = isJsonObject(options ?? null) ? (options as JsonObject) : {};
  return own["include_usage"] === true ? {} : { stream_options: { ...own, include_usage: true } };
}

/** The usage chunk: no choices, but usage. Azure's first chunk has no choices either, and no usage. */
function isMeteringFrame(data: JsonObject): boolean {
  const { choices, usage } = data;
  return Array.isArray(choices) && choices.length === 0 && isJsonObject(usage ?? null);
}

/**
 * OpenAI Chat Completions, as OpenAI, Azure OpenAI and many compatible vendors and engines speak it.
 * https://platform.openai.com/docs/api-reference/chat
 */
export const openaiChat: ChatDialect = {
  id,
  request: { peek: peekRequest, decode: decodeRequest, encode: encodeRequest, meteringFields, passes },
  response: { answerField: "choices", decode: decodeResponse, encode: encodeResponse },
  stream: {
    decoder: () => new ChunkDecoder(),
    encoder: (context) => new ChunkEncoder(context),
    tap: {
      // Vendors written in Python put a space after the colon.
      text: [
        '"content":"',
        '"content": "',
        '"arguments":"',
        '"arguments": "',
        '"reasoning_content":"',
        '"reasoning_content": "',
        '"reasoning":"',
        '"reasoning": "',
        '"refusal":"',
        '"refusal": "',
      ],
      usage: ['"usage":{', '"usage": {'],
      // A JSON string cannot hold a bare line break, so that an answer about [DONE] is not one.
      complete: ["[DONE]\n", "[DONE]\r"],
      error: ['"error":{', '"error": {', '"error":"', '"error": "'],
    },
    usage: findUsage,
    isMeteringFrame,
  },
  error: { decode: openaiFailure, encode: openaiErrorBody, frame: errorFrame },
};

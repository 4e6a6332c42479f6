import type { ChatDialect } from "../../core/dialect.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/usage.ts";
import { openaiErrorBody, openaiFailure } from "../openai-error.ts";
import { Reader } from "../reader.ts";
import { errorFrame } from "./errors.ts";
import { decodeRequest } from "./request-decode.ts";
import { encodeRequest } from "./request-encode.ts";
import { peekRequest } from "./request-peek.ts";
import { decodeResponse } from "./response-decode.ts";
import { encodeResponse } from "./response-encode.ts";
import { ResponsesStreamDecoder } from "./stream-decode.ts";
import { ResponsesStreamEncoder } from "./stream-encode.ts";
import { decodeUsage } from "./usage.ts";

/** OpenAI's Responses API. https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: ChatDialect = {
  id: "openai-responses",
  request: {
    peek: peekRequest,
    decode: decodeRequest,
    encode: encodeRequest,
    // Usage always comes with the completed response.
    meteringFields: () => ({}),
    passes: () => true,
  },
  response: {
    answerField: "output",
    decode: decodeResponse,
    encode: encodeResponse,
  },
  stream: {
    decoder: () => new ResponsesStreamDecoder(),
    encoder: (context) => new ResponsesStreamEncoder(context),
    tap: {
      // Some engines write JSON with spaces.
      text: ['"delta":"', '"delta": "'],
      usage: ['"usage":{', '"usage": {'],
      complete: [
        '"type":"response.completed"',
        '"type":"response.incomplete"',
        '"type": "response.completed"',
        '"type": "response.incomplete"',
      ],
      error: ['"type":"response.failed"', '"type":"error"', '"type": "response.failed"', '"type": "error"'],
    },
    usage: usageIn,
    isMeteringFrame: () => false,
  },
  error: {
    decode: openaiFailure,
    encode: openaiErrorBody,
    frame: errorFrame,
  },
};

/** A frame holds the whole response; a whole answer is one. */
function usageIn(data: JsonObject): Usage | undefined {
  const response = Object.hasOwn(data, "response") ? data["response"] : data;
  if (!isJsonObject(response)) return undefined;
  const usage = Reader.answer(response).optionalObject("usage");
  return usage === undefined ? undefined : decodeUsage(usage);
}

import type { ChatDialect } from "../../core/dialect.ts";
import { decodeError, encodeError, errorFrame } from "./errors.ts";
import { origin } from "./origin.ts";
import { decodeRequest } from "./request-decode.ts";
import { encodeRequest } from "./request-encode.ts";
import { peekRequest } from "./request-peek.ts";
import { decodeResponse } from "./response-decode.ts";
import { encodeResponse } from "./response-encode.ts";
import { AnthropicStreamDecoder } from "./stream-decode.ts";
import { AnthropicStreamEncoder } from "./stream-encode.ts";
import { usageIn } from "./usage.ts";

/** Anthropic's Messages API: https://platform.claude.com/docs/en/api/messages */
export const anthropicMessages: ChatDialect = {
  id: origin,
  request: {
    peek: peekRequest,
    decode: decodeRequest,
    encode: encodeRequest,
    meteringFields: () => ({}),
    passes: () => true,
  },
  response: {
    answerField: "content",
    decode: decodeResponse,
    encode: encodeResponse,
  },
  stream: {
    decoder: () => new AnthropicStreamDecoder(),
    encoder: (context) => new AnthropicStreamEncoder(context),
    // With and without a space: proxies write JSON in either way.
    tap: {
      text: [
        '"text":"',
        '"text": "',
        '"thinking":"',
        '"thinking": "',
        '"partial_json":"',
        '"partial_json": "',
      ],
      usage: ['"usage":'],
      complete: ['"type":"message_stop"', '"type": "message_stop"'],
      error: ['"type":"error"', '"type": "error"'],
    },
    usage: usageIn,
    isMeteringFrame: () => false,
  },
  error: {
    decode: decodeError,
    encode: encodeError,
    frame: errorFrame,
  },
};

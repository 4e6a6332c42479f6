import type { ChatDialectId } from "../../../src/core/extra.ts";
import type { VendorFrame } from "./vendor-door.ts";

interface BrokenStream {
  /** What comes before any word. */
  readonly start: readonly VendorFrame[];
  readonly words: readonly VendorFrame[];
  readonly error: VendorFrame;
}

const chunk = (delta: object) => ({
  data: {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { ...delta }, finish_reason: null }],
  },
});
const chatError = {
  data: { error: { message: "It broke down.", type: "server_error", code: null, param: null } },
};

const response = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "m",
  status: "in_progress",
  output: [],
};
const responsesStart = [
  { event: "response.created", data: { type: "response.created", sequence_number: 0, response } },
  { event: "response.in_progress", data: { type: "response.in_progress", sequence_number: 1, response } },
];
const item = { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] };
const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
const part = { type: "output_text", text: "", annotations: [] };
const responsesText = [
  { type: "response.output_item.added", output_index: 0, item },
  { type: "response.content_part.added", ...place, part },
  { type: "response.output_text.delta", ...place, delta: "Half an", logprobs: [] },
].map((data, index) => ({ event: data.type, data: { ...data, sequence_number: index + 2 } }));
const responsesError = {
  event: "error",
  data: { type: "error", sequence_number: 9, code: "server_error", message: "It broke down.", param: null },
};

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: [],
  model: "m",
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 1 },
};
const messagesStart = { event: "message_start", data: { type: "message_start", message } };
const messagesText = [
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Half an" } },
].map((data) => ({ event: data.type, data }));
const messagesError = {
  event: "error",
  data: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
};

/** Pieces of streams that no vendor should send and all do, by the vendor's language. */
export const brokenStreams: Readonly<Record<ChatDialectId, BrokenStream>> = {
  "openai-chat": {
    start: [chunk({ role: "assistant", content: "" })],
    words: [chunk({ content: "Half an" })],
    error: chatError,
  },
  "openai-responses": { start: responsesStart, words: responsesText, error: responsesError },
  "anthropic-messages": { start: [messagesStart], words: messagesText, error: messagesError },
};

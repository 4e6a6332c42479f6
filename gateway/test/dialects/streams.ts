import type { AnswerContext, ChatDialect, Frame } from "../../src/core/dialect.ts";
import type { ChatEvent } from "../../src/core/event.ts";

/** The call that the answers of the tests answer: it asks for all there is. */
export const answerContext: AnswerContext = {
  request: {
    model: "some-model",
    messages: [{ role: "user", parts: [{ type: "text", text: "hello" }] }],
    stream: true,
    streamUsage: true,
  },
  token: "abcdefghijklmnopqrstuvwx",
  now: 1_795_000_000,
};

export function decodeFrames(dialect: ChatDialect, frames: Iterable<Frame>): ChatEvent[] {
  const decoder = dialect.stream.decoder();
  const events: ChatEvent[] = [];
  for (const frame of frames) events.push(...decoder.push(frame));
  events.push(...decoder.end());
  return events;
}

export function encodeEvents(
  dialect: ChatDialect,
  events: Iterable<ChatEvent>,
): { readonly frames: Frame[]; readonly losses: readonly string[] } {
  const encoder = dialect.stream.encoder(answerContext);
  const frames: Frame[] = [];
  for (const event of events) frames.push(...encoder.push(event));
  return { frames, losses: encoder.losses };
}

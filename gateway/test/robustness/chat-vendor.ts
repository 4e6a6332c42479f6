import type { Visit } from "./upstream.ts";

export interface ReportedUsage {
  readonly prompt: number;
  readonly completion: number;
}

function usageJson({ prompt, completion }: ReportedUsage) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** A whole answer as OpenAI Chat Completions gives it. */
export function answerWhole(visit: Visit, text: string, usage: ReportedUsage): void {
  const body = JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: visit.body["model"],
    choices: [
      { index: 0, message: { role: "assistant", content: text, refusal: null }, finish_reason: "stop" },
    ],
    usage: usageJson(usage),
  });
  visit.response.writeHead(200, { "content-type": "application/json" }).end(body);
}

export function beginStream({ response }: Visit): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
}

function chunk(choices: readonly unknown[], usage: unknown): string {
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "m" };
  return `data: ${JSON.stringify({ ...head, choices, usage })}\n\n`;
}

/** One event of a chat stream that adds text. */
export function textFrame(text: string): string {
  return chunk([{ index: 0, delta: { content: text }, finish_reason: null }], null);
}

/** The last events of a chat stream, up to `[DONE]`. */
export function lastFrames(usage: ReportedUsage): string {
  return `${chunk([{ index: 0, delta: {}, finish_reason: "stop" }], null)}${chunk([], usageJson(usage))}data: [DONE]\n\n`;
}

/** Answers as the request asks, whole or streamed, at once. */
export function answerAsAsked(visit: Visit, text: string, usage: ReportedUsage): void {
  if (visit.body["stream"] !== true) {
    answerWhole(visit, text, usage);
    return;
  }
  beginStream(visit);
  visit.response.end(textFrame(text) + lastFrames(usage));
}

/** A refusal in OpenAI's shape. */
export function refuseWith({ response }: Visit, status: number, code: string, message = "no"): void {
  const body = JSON.stringify({ error: { message, type: code, param: null, code } });
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

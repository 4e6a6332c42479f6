import type { ChatDialectId } from "../../core/extra.ts";

// Model names, as OpenAI documents them per model: https://platform.openai.com/docs/models
const responsesOnly = /-pro(-\d|$)|-deep-research|codex|^computer-use/;
const chatOnly = /search-preview|search-api|audio/;
const reasoning = /^(?:ft:)?(?:o\d|gpt-(?:[5-9]|\d\d)(?!.*-chat))/;
const openai = /^(?:ft:)?(?:o\d|gpt-|chatgpt-|codex|computer-use|model-router)/;

const chatFirst: readonly ChatDialectId[] = ["openai-chat", "openai-responses"];
const responsesFirst: readonly ChatDialectId[] = ["openai-responses", "openai-chat"];
const onlyChat: readonly ChatDialectId[] = ["openai-chat"];
const onlyResponses: readonly ChatDialectId[] = ["openai-responses"];

/** OpenAI's own surface. Reasoning comes out of the Responses API only, so it is preferred where a model reasons. */
export function openaiDialects(model: string): readonly ChatDialectId[] {
  if (chatOnly.test(model)) return onlyChat;
  if (responsesOnly.test(model)) return onlyResponses;
  return reasoning.test(model) ? responsesFirst : chatFirst;
}

/** Azure's v1 surface: deployments of other makers' models, and those named freely, are sure to speak only chat. */
export function azureDialects(deployment: string): readonly ChatDialectId[] {
  return openai.test(deployment) ? openaiDialects(deployment) : onlyChat;
}

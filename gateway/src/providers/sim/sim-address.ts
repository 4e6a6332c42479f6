import type { ChatDialectId } from "../../core/extra.ts";
import type { Target } from "../provider.ts";

const origin = "http://sim.invalid";

/** Where the simulator hears each dialect, and a list of its models. The host name can never be looked up. */
export const simAddresses: Readonly<Record<ChatDialectId | "models", Target>> = {
  "openai-chat": { origin, path: "/v1/chat/completions" },
  "openai-responses": { origin, path: "/v1/responses" },
  "anthropic-messages": { origin, path: "/v1/messages" },
  models: { origin, path: "/v1/models" },
};

const dialects: readonly ChatDialectId[] = ["openai-chat", "openai-responses", "anthropic-messages"];

export function dialectAt(path: string): ChatDialectId | undefined {
  return dialects.find((dialect) => simAddresses[dialect].path === path);
}

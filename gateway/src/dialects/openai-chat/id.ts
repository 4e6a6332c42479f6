import type { ChatDialectId } from "../../core/extra.ts";

export const id = "openai-chat" satisfies ChatDialectId;

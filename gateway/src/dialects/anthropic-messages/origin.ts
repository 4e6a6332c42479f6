import type { ChatDialectId } from "../../core/extra.ts";

/** What this dialect calls itself on signatures, files, vendor parts and extra fields. */
export const origin: ChatDialectId = "anthropic-messages";

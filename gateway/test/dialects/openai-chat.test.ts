import { openaiChat } from "../../src/dialects/openai-chat/dialect.ts";
import { describeDialectLaws } from "./laws.ts";
import { openaiChatProfile } from "./openai-chat-profile.ts";
import { describeRecordings } from "./recordings.ts";

describeDialectLaws(openaiChat, openaiChatProfile);
describeRecordings(openaiChat, { folders: ["openai/chat", "mistral"], terminator: "[DONE]" });

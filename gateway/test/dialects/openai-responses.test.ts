import type { ChatEvent } from "../../src/core/event.ts";
import { openaiResponses } from "../../src/dialects/openai-responses/dialect.ts";
import { describeDialectLaws } from "./laws.ts";
import { openaiResponsesProfile } from "./openai-responses-profile.ts";
import { describeRecordings } from "./recordings.ts";
import { answerContext } from "./streams.ts";

/** A response gets an id of ours where the vendor's is not one to continue from. */
function withOurId(event: ChatEvent): ChatEvent {
  if (event.type !== "start" || event.id.startsWith("resp_")) return event;
  return { ...event, id: `resp_${answerContext.token}` };
}

describeDialectLaws(openaiResponses, openaiResponsesProfile);
describeRecordings(openaiResponses, { folders: ["openai/responses"], back: withOurId });

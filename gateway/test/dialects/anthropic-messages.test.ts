import { anthropicMessages } from "../../src/dialects/anthropic-messages/dialect.ts";
import { anthropicProfile } from "./anthropic-messages-profile.ts";
import { describeDialectLaws } from "./laws.ts";
import { describeRecordings } from "./recordings.ts";

describeDialectLaws(anthropicMessages, anthropicProfile);
describeRecordings(anthropicMessages, { folders: ["anthropic"] });

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/core/collect.ts";
import type { ChatDialect, Frame } from "../../src/core/dialect.ts";
import { errors } from "../../src/core/errors.ts";
import type { ChatEvent } from "../../src/core/event.ts";
import { isJsonObject, type JsonObject } from "../../src/core/json.ts";
import { disorder } from "./event-order.ts";
import { answerContext, decodeFrames, encodeEvents } from "./streams.ts";

/** Recorded vendor answers, beside the repository; absent in a bare checkout. */
const shared = join(import.meta.dirname, "../../../../shared/reference/recorded");

export interface Recording {
  readonly name: string;
  /** A stream's frames, or a whole body. */
  readonly frames?: readonly Frame[];
  readonly body?: JsonObject;
}

export interface RecordingSource {
  /** Folders under the recordings, e.g. `openai/chat`. */
  readonly folders: readonly string[];
  /** What ends a stream and is not in the recordings, e.g. `[DONE]`. */
  readonly terminator?: string;
  /** What comes back in place of an event where the dialect says it in other words. */
  readonly back?: (event: ChatEvent) => ChatEvent;
}

/** One file a recording: `*.chunks.txt` has one frame's JSON on each line, `*.json` a whole body. */
function read(folder: string, terminator: string | undefined): Recording[] {
  const recordings: Recording[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(folder, entry.name), "utf8");
    if (entry.name.endsWith(".chunks.txt")) {
      const lines = text.split("\n").filter((line) => line.trim() !== "");
      if (terminator !== undefined) lines.push(terminator);
      recordings.push({ name: entry.name, frames: lines.map((data) => ({ data })) });
    } else if (entry.name.endsWith(".json")) {
      const body: unknown = JSON.parse(text);
      if (isJsonObject(body)) recordings.push({ name: entry.name, body });
    }
  }
  return recordings;
}

/**
 * The recordings of a dialect: those that lie in `../shared`, and the user's own in the folder that ENTENTE_RECORDINGS
 * names, in a folder of the dialect's id.
 */
export function recordingsOf(dialect: ChatDialect, source: RecordingSource): Recording[] {
  const own = process.env["ENTENTE_RECORDINGS"];
  const folders = source.folders.map((folder) => join(shared, folder));
  if (own !== undefined) folders.push(join(own, dialect.id));
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => read(folder, source.terminator));
}

/** The same events with adjacent deltas of one part and kind put together. */
function merged(events: readonly ChatEvent[]): ChatEvent[] {
  const result: ChatEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if (
      event.type === "part_delta" &&
      last?.type === "part_delta" &&
      last.choice === event.choice &&
      last.index === event.index
    ) {
      const { delta: before } = last;
      const { delta } = event;
      if (before.kind === "arguments" && delta.kind === "arguments") {
        result[result.length - 1] = { ...last, delta: { ...before, text: before.text + delta.text } };
        continue;
      }
      if (before.kind === "text" && delta.kind === "text") {
        const logprobs = [...(before.logprobs ?? []), ...(delta.logprobs ?? [])];
        const text = before.text + delta.text;
        result[result.length - 1] = {
          ...last,
          delta: { kind: "text", text, ...(logprobs.length === 0 ? {} : { logprobs }) },
        };
        continue;
      }
      if (before.kind === "summary" && delta.kind === "summary" && before.index === delta.index) {
        result[result.length - 1] = { ...last, delta: { ...before, text: before.text + delta.text } };
        continue;
      }
    }
    result.push(event);
  }
  return result;
}

/** A recording decoded and encoded again in its own dialect gives the same events, and nothing is lost. */
export function describeRecordings(dialect: ChatDialect, source: RecordingSource): void {
  const { back = (event: ChatEvent) => event } = source;
  const recordings = recordingsOf(dialect, source);
  describe(`${dialect.id} recordings`, () => {
    if (recordings.length === 0) {
      // Said in one line: a test that is not run must be seen.
      test("are not on this machine: nothing was checked", () => expect(recordings).toHaveLength(0));
      return;
    }
    test.each(recordings)("$name", ({ frames, body }) => {
      if (frames !== undefined) {
        const events = decodeFrames(dialect, frames);
        expect(disorder(events)).toBeUndefined();
        const again = encodeEvents(dialect, events);
        expect(again.losses).toStrictEqual([]);
        expect(merged(decodeFrames(dialect, again.frames))).toStrictEqual(merged(events.map(back)));
        expect(collect(decodeFrames(dialect, again.frames))).toStrictEqual(collect(events.map(back)));
        return;
      }
      if (body === undefined) throw new Error("a recording has frames or a body");
      if (isJsonObject(body["error"] ?? null)) {
        expect(Object.keys(errors)).toContain(dialect.error.decode(400, body).code);
        return;
      }
      const response = dialect.response.decode(body);
      const again = dialect.response.encode(response, answerContext);
      expect(again.losses).toStrictEqual([]);
      expect(dialect.response.decode(JSON.parse(JSON.stringify(again.body)) as JsonObject)).toStrictEqual(
        response,
      );
    });
  });
}

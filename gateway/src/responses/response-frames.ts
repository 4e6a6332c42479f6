import type { Frame } from "../core/dialect.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { asAsked } from "./as-asked.ts";

const lifeCycle: ReadonlySet<string> = new Set([
  "response.created",
  "response.queued",
  "response.in_progress",
  "response.completed",
  "response.incomplete",
  "response.failed",
]);
const final: ReadonlySet<string> = new Set(["response.completed", "response.incomplete", "response.failed"]);
/** Only frames of the life cycle hold the whole response; in any text the quotes would be escaped. */
const marker = '"response":';

/** Goes over the frames of one stream: makes the response in them say what its client asked for, and keeps the last. */
export class ResponseFrames {
  readonly #body: JsonObject;
  #response: JsonObject | undefined;

  /** @param body of the request, as the client sent it. */
  constructor(body: JsonObject) {
    this.#body = body;
  }

  /** The finished response as the client has it; undefined until the stream is complete. */
  get response(): JsonObject | undefined {
    return this.#response;
  }

  /** Any other frame comes back as it is. */
  rewrite(frame: Frame): Frame {
    const concerned = frame.event === undefined ? frame.data.includes(marker) : lifeCycle.has(frame.event);
    if (!concerned) return frame;
    const data = parse(frame.data);
    const type = data?.["type"] ?? frame.event;
    const response = data?.["response"];
    if (data === undefined || typeof type !== "string" || !lifeCycle.has(type) || !isJsonObject(response))
      return frame;
    const asked = asAsked(response, this.#body);
    if (final.has(type)) this.#response = asked;
    return { ...frame, data: JSON.stringify({ ...data, response: asked }) };
  }

  /** The same for an answer that came whole. */
  whole(response: JsonObject): JsonObject {
    this.#response = asAsked(response, this.#body);
    return this.#response;
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return isJsonObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

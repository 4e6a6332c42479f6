import type { ChatDialect, TapMarkers } from "../core/dialect.ts";
import type { ProviderFailure } from "../core/failure.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { latin1 } from "../framing/frame-gate.ts";
import type { Meter } from "./meter.ts";

/**
 * Reads along while whole frames of one dialect pass unchanged: counts what the model wrote, finds usage, completion
 * and errors by their markers, and parses only the frames that carry them. Text is read as Latin-1, one character a
 * byte, for markers are ASCII.
 */
export class Tap {
  readonly #dialect: ChatDialect;
  readonly #meter: Meter;
  readonly #hideMetering: boolean;
  complete = false;
  failure: ProviderFailure | undefined;

  /** @param hideMetering leave out the frames that the client did not ask for. */
  constructor(dialect: ChatDialect, meter: Meter, hideMetering: boolean) {
    this.#dialect = dialect;
    this.#meter = meter;
    this.#hideMetering = hideMetering;
  }

  /** What the client may have of these frames: the same bytes, less hidden frames and less an error and what follows. */
  read(frames: Uint8Array): Uint8Array {
    const text = latin1(frames);
    return this.#skim(text) ? this.#heed(frames, text) : frames;
  }

  /** Counts what the model wrote. True where a frame needs a closer look, as few do. */
  #skim(text: string): boolean {
    const search = searchFor(this.#dialect.stream.tap);
    let odd = false;
    search.lastIndex = 0;
    for (let match = search.exec(text); match !== null; match = search.exec(text)) {
      if (match[1] === undefined) odd = true;
      else this.#meter.outputBytes += stringLength(text, search.lastIndex);
    }
    return odd;
  }

  #heed(frames: Uint8Array, text: string): Uint8Array {
    const { tap } = this.#dialect.stream;
    let kept = text;
    for (const marker of tap.usage) {
      for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + marker.length)) {
        kept = this.#readUsage(text, at, kept);
      }
    }
    for (const marker of tap.error) {
      const at = kept.indexOf(marker);
      if (at === -1) continue;
      const frame = frameAround(kept, at);
      this.failure = frame.data === undefined ? undefined : this.#failureIn(frame.data);
      if (this.failure !== undefined) {
        kept = kept.slice(0, frame.from);
        break;
      }
    }
    if (!this.complete) this.complete = tap.complete.some((marker) => kept.includes(marker));
    return kept === text ? frames : Buffer.from(kept, "latin1");
  }

  #readUsage(text: string, at: number, kept: string): string {
    const frame = frameAround(text, at);
    if (frame.data === undefined) return kept;
    this.#meter.report(this.#dialect.stream.usage(frame.data));
    if (!this.#hideMetering || !this.#dialect.stream.isMeteringFrame(frame.data)) return kept;
    return kept.replace(text.slice(frame.from, frame.to), "");
  }

  /** The decoder decides whether a frame with an error marker is an error: the marker may also stand in an answer. */
  #failureIn(data: JsonObject): ProviderFailure | undefined {
    const events = this.#dialect.stream.decoder().push({ data: JSON.stringify(data) });
    return events.find((event) => event.type === "error")?.failure;
  }
}

const searches = new WeakMap<TapMarkers, RegExp>();

/** One search for all markers, the text's in a group: a tenth of the time of one search for each. */
function searchFor(markers: TapMarkers): RegExp {
  const known = searches.get(markers);
  if (known !== undefined) return known;
  const either = (texts: readonly string[]) => texts.map((text) => RegExp.escape(text)).join("|");
  const others = either([...markers.usage, ...markers.error, ...markers.complete]);
  const search = new RegExp(`(${either(markers.text)})|${others}`, "g");
  searches.set(markers, search);
  return search;
}

/** Characters to the end of a JSON string; 0 where it has none. */
function stringLength(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? 0 : end - from;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
  return slashes % 2 === 1;
}

/** The frame around an offset: its range with the empty line, and the JSON of its data line. */
function frameAround(text: string, at: number): { from: number; to: number; data: JsonObject | undefined } {
  const lineFrom = text.lastIndexOf("\n", at) + 1;
  const newline = text.indexOf("\n", at);
  const lineTo = newline === -1 ? text.length : newline;
  let from = lineFrom;
  // An `event:` line may stand before the data line.
  while (from > 1 && text.charCodeAt(from - 2) !== 0x0a && text.slice(from - 3, from) !== "\n\r\n") {
    from = text.lastIndexOf("\n", from - 2) + 1;
  }
  let to = Math.min(lineTo + 1, text.length);
  while (to < text.length && (text[to] === "\n" || text[to] === "\r")) to += 1;
  return { from, to, data: lineData(text.slice(lineFrom, lineTo)) };
}

function lineData(line: string): JsonObject | undefined {
  if (!line.startsWith("data:")) return undefined;
  try {
    const data: unknown = JSON.parse(Buffer.from(line.slice(5), "latin1").toString());
    return isJsonObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

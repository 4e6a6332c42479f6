import type { Step } from "./sim-call.ts";
import { dataSteps, simHeaders } from "./sim-script.ts";
import type { Nonsense } from "./sim-settings.ts";

const page = "<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Oops</h1></body></html>";
const giantPiece = Buffer.alloc(64 * 1024, "x");
const giantPieces = 1024;

/** What each kind of nonsense is made from. */
export interface NonsenseParts {
  readonly latency: number;
  readonly stream: boolean;
  /** The answer that would have been right, whole or streamed. */
  readonly right: Iterator<Step>;
  /** An error body in the dialect. */
  readonly error: string;
}

export function nonsenseScript(nonsense: Nonsense, parts: NonsenseParts): Iterable<Step> {
  switch (nonsense) {
    case "html":
      return shown(parts.latency, "text/html; charset=utf-8", [Buffer.from(page)]);
    case "error-200":
      return shown(parts.latency, "application/json", [Buffer.from(parts.error)]);
    case "giant":
      return shown(
        parts.latency,
        parts.stream ? "text/event-stream" : "application/json",
        giant(parts.stream),
      );
    case "truncated":
      return changed(parts.right, (bytes) => bytes.subarray(0, bytes.length >> 1), true);
    default:
      return changed(parts.right, spoiled, false);
  }
}

function* shown(latency: number, contentType: string, pieces: Iterable<Uint8Array>): Generator<Step> {
  yield { type: "wait", until: latency };
  yield { type: "head", status: 200, headers: simHeaders(contentType) };
  for (const bytes of pieces) yield { type: "data", bytes };
  yield { type: "end" };
}

/** One frame, or one string of a body, of 64 MiB that never ends. */
function* giant(stream: boolean): Generator<Uint8Array> {
  yield Buffer.from(stream ? 'data: {"x":"' : '{"x":"');
  for (let piece = 0; piece < giantPieces; piece += 1) yield giantPiece;
}

/** The right answer with its first bytes changed; `only` ends it there, as if that were all. */
function* changed(
  right: Iterator<Step>,
  change: (bytes: Uint8Array) => Uint8Array,
  only: boolean,
): Generator<Step> {
  let first = true;
  for (let next = right.next(); next.done !== true; next = right.next()) {
    const step = next.value;
    if (step.type !== "data") {
      yield step;
      continue;
    }
    yield* first ? dataSteps(change(step.bytes)) : [step];
    first = false;
    if (only) yield { type: "end" };
  }
}

/** Bytes that UTF-8 never has, inside the first string value. */
function spoiled(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = Buffer.from(copy.buffer).indexOf('":"');
  if (at !== -1) copy.fill(0xff, at + 3, at + 5);
  return copy;
}

import type { Clock } from "../core/clock.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { Target } from "./provider.ts";
import type { Transport, UpstreamHeaders } from "./upstream.ts";

export interface JsonAnswer {
  readonly status: number;
  readonly headers: UpstreamHeaders;
  readonly body: JsonObject;
}

export interface FetchJsonOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Milliseconds for all of it. */
  readonly deadline: number;
  /** A larger body is no answer. */
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** GET of a small JSON object. Undefined where there was no such answer in time, whatever the reason. */
export function fetchJson(target: Target, options: FetchJsonOptions): Promise<JsonAnswer | undefined> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let status = 0;
    let headers: UpstreamHeaders = {};
    const finish = (answer: JsonAnswer | undefined): void => {
      cancel();
      resolve(answer);
    };
    const handle = options.transport(
      {
        method: "GET",
        origin: target.origin,
        path: target.path,
        headers: { accept: "application/json", ...options.headers },
        connectTimeout: options.deadline,
      },
      {
        onHead(code, values) {
          status = code;
          headers = values;
        },
        onData(chunk) {
          size += chunk.length;
          chunks.push(chunk);
          if (size <= options.maxBytes) return;
          handle.abort();
          finish(undefined);
        },
        onEnd() {
          const body = parse(chunks);
          finish(body === undefined ? undefined : { status, headers, body });
        },
        onError: () => finish(undefined),
      },
    );
    const cancel = options.clock.after(options.deadline, () => {
      handle.abort();
      finish(undefined);
    });
  });
}

function parse(chunks: readonly Uint8Array[]): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

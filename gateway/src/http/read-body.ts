import type { IncomingMessage } from "node:http";
import { Fault } from "../core/fault.ts";

/**
 * The whole body of a request, refused before it is buffered where it is larger than `limit` bytes.
 * @throws Fault `body_too_large`, `unsupported_media_type`, `request_timeout`, `client_closed`
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const tooLarge = () => new Fault("body_too_large", { detail: `The limit is ${limit} bytes.` });
  const type = request.headers["content-type"];
  const encoding = request.headers["content-encoding"];
  if ((type !== undefined && !isJson(type)) || (encoding !== undefined && encoding !== "identity")) {
    reject(new Fault("unsupported_media_type"));
    return promise;
  }
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    reject(tooLarge());
    return promise;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  request.on("data", (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > limit) {
      chunks.length = 0;
      reject(tooLarge());
    } else {
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
    // These listeners live as long as the connection's answer.
    chunks.length = 0;
  });
  request.on("close", () => {
    if (!request.complete) reject(new Fault("client_closed"));
  });
  request.on("error", () => reject(new Fault("client_closed")));
  return promise;
}

/** Clients that send no type, or text, mean JSON; a form or an upload does not. */
function isJson(type: string): boolean {
  const name = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
  return name === "application/json" || name === "text/plain" || name.endsWith("+json");
}

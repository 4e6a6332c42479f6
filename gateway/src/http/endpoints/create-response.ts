import { type ErrorCode, errors } from "../../core/errors.ts";
import { Fault } from "../../core/fault.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { asFault } from "../../relay/as-fault.ts";
import { Asked } from "../../relay/asked.ts";
import { handle } from "../../relay/handle.ts";
import { answerJson } from "../json-answer.ts";
import { MemoryClient } from "../memory-client.ts";
import { NodeClient } from "../node-client.ts";
import { readBody } from "../read-body.ts";
import type { Endpoint, Visit } from "../router.ts";

/** Only a body that says so is looked at here; the bytes decide, so that no other call is parsed twice. */
const marker = Buffer.from('"background"');

/** POST /v1/responses: a chat call, or with `background: true` one that goes on without its client. */
export const createResponse: Endpoint = async (visit) => {
  const { site, request, response } = visit;
  const received = await receive(visit);
  const detached = "bytes" in received ? backgroundBody(visit, received.bytes) : undefined;
  if (detached !== undefined) {
    const principal = site.house.identify(request.headers);
    const queued = site.background.start(principal, detached, (body, signal) =>
      runDetached(visit, body, signal),
    );
    answerJson(response, 200, visit.id, queued);
    return;
  }
  const dialect = site.house.dialects["openai-responses"];
  const client = new NodeClient(response, site);
  const readBody = () =>
    "bytes" in received ? Promise.resolve(received.bytes) : Promise.reject(received.fault);
  await handle({ dialect, headers: request.headers, readBody, client }, site.house);
};

/** The body of a caller who may send one. A refusal is kept, so that it is told and logged like that of any call. */
async function receive({
  site,
  request,
}: Visit): Promise<{ readonly bytes: Uint8Array } | { readonly fault: Fault }> {
  try {
    site.house.identify(request.headers);
    return { bytes: await readBody(request, site.bodyLimit()) };
  } catch (error) {
    return { fault: asFault(error) };
  }
}

function backgroundBody({ site }: Visit, bytes: Uint8Array): JsonObject | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(marker)) return undefined;
  const { body } = new Asked(site.house.dialects["openai-responses"], bytes);
  return body["background"] === true ? body : undefined;
}

/** Runs the call as if it came from a client that waits; what is kept is kept by whoever started it. */
async function runDetached(
  { site, request }: Visit,
  body: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const client = new MemoryClient();
  signal.addEventListener("abort", () => client.leave());
  const bytes = Buffer.from(JSON.stringify({ ...body, store: false }));
  const dialect = site.house.dialects["openai-responses"];
  await handle(
    { dialect, headers: request.headers, readBody: () => Promise.resolve(bytes), client },
    site.house,
  );
  signal.throwIfAborted();
  const answer: unknown = JSON.parse(client.text);
  if (client.status === 200 && isJsonObject(answer)) return answer;
  const refusal = isJsonObject(answer) ? answer : undefined;
  throw new Fault(codeIn(refusal) ?? dialect.error.decode(client.status, refusal).code);
}

/** Our own word for what went wrong, where the answer has it. */
function codeIn(body: JsonObject | undefined): ErrorCode | undefined {
  const error = body?.["error"];
  const code = isJsonObject(error) ? error["code"] : undefined;
  return typeof code === "string" && Object.hasOwn(errors, code) ? (code as ErrorCode) : undefined;
}

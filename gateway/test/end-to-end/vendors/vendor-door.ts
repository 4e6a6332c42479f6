import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";
import type { Json, JsonObject } from "../../../src/core/json.ts";

/** A call as it reached the vendor, byte for byte; its own journal holds a unified form. */
export interface Heard {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: JsonObject;
}

/** Answers in the vendor's place. */
export type Script = (heard: Heard, response: ServerResponse) => void;

/** An emulated vendor behind a door that writes down what comes in, and can answer in its place. */
export interface Vendor {
  /** Without a trailing slash. */
  readonly url: string;
  readonly emulator: LLMock;
  readonly heard: Heard[];
  /** The newest call. */
  last(): Heard;
  /** The next calls are answered by these, one each, in order. */
  answerNext(...scripts: Script[]): void;
  /** Forgets what was heard and was to be answered. */
  forget(): void;
  stop(): Promise<void>;
}

export async function openVendor(): Promise<Vendor> {
  const emulator = new LLMock({ port: 0, host: "127.0.0.1", chunkSize: 6, logLevel: "silent" });
  await emulator.start();
  const heard: Heard[] = [];
  const scripts: Script[] = [];
  const door = createServer((request, response) => {
    readAll(request).then(
      (bytes) => {
        const { url: path = "/", headers } = request;
        const body = bytes.length === 0 ? {} : (JSON.parse(String(bytes)) as JsonObject);
        const call = { path, headers, body };
        heard.push(call);
        const answer = scripts.shift() ?? passOn(emulator.url, request, bytes);
        answer(call, response);
      },
      () => response.destroy(),
    );
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    emulator,
    heard,
    last() {
      const call = heard.at(-1);
      if (call === undefined) throw new Error("the vendor was not called");
      return call;
    },
    answerNext: (...next) => void scripts.push(...next),
    forget() {
      heard.length = 0;
      scripts.length = 0;
    },
    async stop() {
      door.closeAllConnections();
      door.close();
      await emulator.stop();
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Lets the emulator answer. */
function passOn(url: string, { method = "GET", headers }: IncomingMessage, bytes: Buffer): Script {
  return ({ path }, response) => {
    const own = { ...headers, host: new URL(url).host };
    const onward = forward(url + path, { method, headers: own }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    onward.end(bytes);
  };
}

/** A whole answer. */
export function json(status: number, body: Json, headers: Record<string, string> = {}): Script {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

export interface VendorFrame {
  readonly event?: string;
  readonly data: Json;
}

/** A stream of frames. */
export function frames(list: readonly VendorFrame[]): Script {
  return (_, response) => {
    response.writeHead(200, eventStream);
    response.end(frameText(list));
  };
}

/** A stream that goes on only when `opened` is; without more frames the connection breaks then. */
export function framesInTwo(
  first: readonly VendorFrame[],
  rest: readonly VendorFrame[],
  opened: Promise<void>,
): Script {
  return (_, response) => {
    response.writeHead(200, eventStream);
    response.write(frameText(first));
    void opened.then(() => (rest.length === 0 ? response.destroy() : response.end(frameText(rest))));
  };
}

const eventStream = { "content-type": "text/event-stream" };

function frameText(list: readonly VendorFrame[]): string {
  return list
    .map(({ event, data }) => {
      const line = `data: ${data === "[DONE]" ? data : JSON.stringify(data)}\n\n`;
      return event === undefined ? line : `event: ${event}\n${line}`;
    })
    .join("");
}

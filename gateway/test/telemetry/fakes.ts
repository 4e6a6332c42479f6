import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Settlement } from "../../src/core/settlement.ts";
import type { Log } from "../../src/telemetry/log.ts";

export function settlement(more: Partial<Settlement> = {}): Settlement {
  return {
    id: "req_1",
    at: 1_000,
    keyId: "key_1",
    project: "default",
    model: "gpt-4o",
    channel: "openai/gpt-4o",
    provider: "openai",
    dialect: "openai-chat",
    stream: true,
    inputBytes: 10,
    outcome: "success",
    endedAt: 3_000,
    firstEventAfter: 400,
    attempts: 1,
    usage: { inputTokens: 12, outputTokens: 9, cacheReadTokens: 4 },
    usageSource: "reported",
    cost: [
      { unit: "input", quantity: 12, price: 2_500_000_000n, amount: 30_000n },
      { unit: "output", quantity: 9, price: 10_000_000_000n, amount: 90_000n },
    ],
    free: false,
    ...more,
  };
}

export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function fakeLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push({ level, fields, message });
  const plain: Log["plain"] = (level, fields, message) => at(level)(fields, message);
  return {
    lines,
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), plain },
  };
}

/** A collector that takes OTLP as JSON over HTTP, and keeps what it was sent. */
export async function fakeCollector(status = 200) {
  const received: { readonly path: string; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

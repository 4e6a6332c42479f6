import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { type Door, question } from "./ask.ts";
import { beginStream, textFrame } from "./chat-vendor.ts";
import { heldMemory } from "./held-memory.ts";
import { openHouse } from "./test-house.ts";
import type { Visit } from "./upstream.ts";

const clients = 40;
const mebibyte = 1024 * 1024;
/** What the operating system buffers between two sockets of this machine, on both sides of the gateway. */
const systemBuffers = 16 * mebibyte;

/** Sends as fast as it is read, without end. */
function flood(visit: Visit): void {
  const { response } = visit;
  const frames = textFrame("words without end ".repeat(50)).repeat(30);
  beginStream(visit);
  const more = () => {
    while (!response.destroyed && response.write(frames));
  };
  response.on("drain", more);
  more();
}

/** Bytes that left the vendor, into the system's buffers or further. */
function taken({ response }: Visit): number {
  return (response.socket?.bytesWritten ?? 0) - response.writableLength;
}

/** Asks and never reads the answer. */
async function askAndStall(door: Door, path: string): Promise<Socket> {
  const { hostname, port } = new URL(door.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "connect");
  socket.pause();
  const body = JSON.stringify(question("vendor/m", { stream: true, max_tokens: 1000 }));
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${door.key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.on("error", () => {});
  return socket;
}

/** Resolves with the sum of all that was taken, once nothing more is. */
async function stillTaken(visits: readonly Visit[]): Promise<number> {
  let before = -1;
  let same = 0;
  await expect
    .poll(
      () => {
        const sum = visits.reduce((total, visit) => total + taken(visit), 0);
        same = sum === before && visits.length === clients ? same + 1 : 0;
        before = sum;
        return same;
      },
      { timeout: 15_000, interval: 50 },
    )
    .toBeGreaterThanOrEqual(6);
  return before;
}

it.each([
  ["passed through", "/v1/chat/completions"],
  ["translated", "/v1/messages"],
])(
  "clients that stop reading a %s stream stop the provider, at 1 MiB each at most",
  async (_, path) => {
    const { gateway, upstream } = await openHouse(flood);
    // A first stalled client loads and warms what all need.
    const first = await askAndStall(gateway, path);
    await expect.poll(() => upstream.visits.length, { interval: 5 }).toBe(1);
    const before = await heldMemory();
    const others = await Promise.all(Array.from({ length: clients - 1 }, () => askAndStall(gateway, path)));
    const sum = await stillTaken(upstream.visits);
    expect(sum / clients).toBeLessThan(systemBuffers);
    // The vendor's and the clients' ends are in this process too, and counted with the gateway's.
    expect(((await heldMemory()) - before) / (clients - 1)).toBeLessThan(mebibyte);

    // Whoever reads again goes on; whoever goes away ends the provider's work.
    const [reader] = others;
    let read = 0;
    reader?.on("data", (piece) => {
      read += piece.length;
    });
    reader?.resume();
    await expect.poll(() => read, { timeout: 10_000, interval: 10 }).toBeGreaterThan(2 * systemBuffers);
    for (const socket of [first, ...others]) socket.destroy();
    await Promise.all(upstream.visits.map(({ gone }) => gone));
  },
  40_000,
);

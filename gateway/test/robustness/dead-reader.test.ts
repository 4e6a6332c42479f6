import { expect, it } from "vitest";
import { question } from "./ask.ts";
import { answerWhole, beginStream, textFrame } from "./chat-vendor.ts";
import { RawClient } from "./raw-client.ts";
import { openHouse } from "./test-house.ts";

/** More than the system's buffers take. */
const size = 40 * 1024 * 1024;

it.each([false, true])(
  "a client that takes nothing of a finished answer is cut off (stream: %s)",
  async (stream) => {
    const { gateway } = await openHouse((visit) => {
      if (visit.body["stream"] !== true) {
        answerWhole(visit, "x".repeat(size), { prompt: 1, completion: 1 });
        return;
      }
      beginStream(visit);
      const frame = textFrame("x".repeat(20_000));
      const more = () => {
        while (!visit.response.destroyed && visit.response.write(frame));
      };
      visit.response.on("drain", more);
      more();
    }, "limits: {readTimeout: 200ms}\ndeadlines: {total: 1s}\n");
    const client = await RawClient.open(gateway);
    client.socket.pause();
    const body = JSON.stringify(question("vendor/m", { stream }));
    client.socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    // A connection that is gone at the other end tells so when it is written to. Seldom, for it shows life, too.
    const probe = setInterval(() => client.socket.write("\r\n"), 600);
    const began = performance.now();
    await client.closed;
    clearInterval(probe);
    expect(performance.now() - began).toBeLessThan(6000);
  },
);

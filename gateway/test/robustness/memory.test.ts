import { Agent } from "node:http";
import { expect, it } from "vitest";
import { ask, LiveAnswer, question } from "./ask.ts";
import { answerAsAsked, beginStream, refuseWith, textFrame } from "./chat-vendor.ts";
import { heldMemory } from "./held-memory.ts";
import { openHouse } from "./test-house.ts";

const rounds = 2000;
const kibibyte = 1024;

it("holds no more after thousands of calls of every kind than before", async () => {
  const { gateway, upstream } = await openHouse((visit) => {
    const kind = visit.body["user"];
    if (kind === "refused") refuseWith(visit, 400, "invalid_request_error");
    else if (kind === "left") {
      beginStream(visit);
      visit.response.write(textFrame("before"));
    } else answerAsAsked(visit, "x".repeat(2000), { prompt: 10, completion: 5 });
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const askMany = async (count: number) => {
    let left = count;
    const worker = async () => {
      for (; left > 0; ) {
        left -= 1;
        // Names, sizes and paths differ in every call: nothing may be kept by them.
        const unknown = `nobody/${left}-${count}`;
        const content = "y".repeat(left % 500);
        const body = { ...question("vendor/m"), messages: [{ role: "user", content }], max_tokens: 50 };
        switch (left % 8) {
          case 0:
            await ask(gateway, { body: { ...body, model: unknown }, agent });
            break;
          case 1:
            await ask(gateway, { body: { ...body, user: "refused" }, agent });
            break;
          case 2: {
            const client = new LiveAnswer(gateway, { body: { ...body, stream: true, user: "left" } });
            await client.until(({ text }) => text.includes("before"));
            client.leave();
            break;
          }
          case 3:
            await ask(gateway, { body, key: `ent-${String(left).padStart(40, "A")}`, agent });
            break;
          case 4:
            await ask(gateway, { method: "GET", path: `/v1/models/${unknown}`, agent });
            break;
          case 5:
            await ask(gateway, { path: "/v1/messages", body: { ...body, stream: true }, agent });
            break;
          default:
            await ask(gateway, { body: { ...body, stream: left % 8 === 6 }, agent });
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    upstream.visits.length = 0;
  };
  await askMany(rounds);
  const before = await heldMemory();
  await askMany(rounds);
  const between = await heldMemory();
  await askMany(rounds);
  const after = await heldMemory();
  agent.destroy();
  // A call that left its body behind would hold 2 KiB; one pass may still warm something up.
  expect(Math.min(between - before, after - between) / rounds).toBeLessThan(0.25 * kibibyte);
}, 60_000);

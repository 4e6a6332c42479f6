import { expect, it } from "vitest";
import { ask, LiveAnswer, question } from "./ask.ts";
import { answerAsAsked, beginStream, lastFrames, textFrame } from "./chat-vendor.ts";
import { GatewayFolder } from "./gateway-process.ts";
import { chatProvider, whenDone } from "./test-house.ts";
import { openUpstream, type Visit } from "./upstream.ts";

const usage = { prompt: 10, completion: 5 };

it("a saved file applies without dropping a stream; a wrong one is told and leaves the old one in force", async () => {
  let running: Visit | undefined;
  const upstream = await openUpstream((visit) => {
    if (visit.body["user"] !== "runs") {
      answerAsAsked(visit, "at once", usage);
      return;
    }
    running = visit;
    beginStream(visit);
    visit.response.write(textFrame("before"));
  });
  whenDone(() => upstream.stop());
  const providers = (id: string) => `providers:\n${chatProvider(id, upstream.url)}\n`;
  const folder = await GatewayFolder.make(providers("old"));
  whenDone(() => folder.remove());
  const gateway = await folder.start();
  const door = { url: gateway.url, key: folder.key };
  const status = async (model: string) => (await ask(door, { body: question(model) })).status;

  const client = new LiveAnswer(door, { body: question("old/m", { stream: true, user: "runs" }) });
  await client.until(({ text }) => text.includes("before"));
  await folder.write(providers("new"));
  await expect.poll(() => status("new/m"), { timeout: 5000, interval: 20 }).toBe(200);
  expect(await status("old/m")).toBe(404);

  await folder.write("providers: {new: {kind: openai, baseURL: 7}}\n");
  const wrong = () => gateway.log.filter(({ msg }) => /wrong/.test(String(msg)));
  await expect.poll(() => wrong().length, { timeout: 5000, interval: 20 }).toBe(1);
  expect(String(wrong()[0]?.["reason"])).toMatch(/baseURL/);
  expect(await status("new/m")).toBe(200);

  await folder.write("");
  await folder.write(`limits: {bodyBytes: 100}\n${providers("new")}`);
  await expect.poll(() => status("new/m"), { timeout: 5000, interval: 20 }).toBe(200);
  await expect
    .poll(async () => (await ask(door, { body: question("new/m", { user: "x".repeat(200) }) })).status, {
      timeout: 5000,
      interval: 20,
    })
    .toBe(413);

  running?.response.end(textFrame("after") + lastFrames(usage));
  await client.ended();
  expect(client.text).toContain("after");
  expect(client.text.endsWith("data: [DONE]\n\n")).toBe(true);
});

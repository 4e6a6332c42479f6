import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { type OpenGateway, openGateway } from "../end-to-end/open-gateway.ts";

describe("dialects.md", () => {
  let gateway: OpenGateway;
  beforeAll(async () => {
    gateway = await openGateway({
      config: `
providers:
  claude: {kind: sim, dialects: [anthropic-messages]}
  other: {kind: sim, dialects: [openai-chat]}
routes:
  both: [claude/echo, other/echo]
`,
    });
  });
  afterAll(() => gateway.stop());

  const ask = (body: JsonObject, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json", ...headers },
      body: JSON.stringify({ seed: 7, messages: [{ role: "user", content: "Hello" }], ...body }),
    });
  const strict = { "entente-strict": "true" };

  test("what cannot be said is named in the header", async () => {
    const answer = await ask({ model: "claude/echo" });
    expect(answer.headers.get("entente-lossy")).toBe("seed");
    expect((await ask({ model: "other/echo" })).headers.get("entente-lossy")).toBeNull();
  });

  test("a strict call passes over the channel that cannot be told everything, or is refused with the list", async () => {
    const answer = await ask({ model: "both" }, strict);
    expect(answer.headers.get("entente-channel")).toBe("other/echo");
    const refused = await ask({ model: "claude/echo" }, strict);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: "unsupported_field", message: expect.stringContaining("seed") },
    });
  });

  test("a vendor's own tool is refused for another vendor", async () => {
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "claude/echo", input: "Hello", tools: [{ type: "web_search" }] }),
    });
    expect(await answer.json()).toMatchObject({ error: { code: "vendor_only" } });
  });

  test("another vendor's seal reaches the client marked, and its own vendor unwrapped", async () => {
    const first = await ask({ model: "claude/reasoning" });
    const { choices } = (await first.json()) as { choices: { message: JsonObject }[] };
    const said = choices[0]?.message ?? {};
    expect(JSON.stringify(said)).toContain('"entente:');
    const messages = [{ role: "user", content: "Hello" }, said, { role: "user", content: "Go on" }];
    const second = await ask({ model: "claude/reasoning", messages });
    expect(await second.text()).toContain("Recognised 1 of my earlier thoughts.");
    // To another vendor the thought is not sent at all.
    const elsewhere = await ask({ model: "other/reasoning", messages });
    expect(elsewhere.headers.get("entente-lossy")).toBe("messages[1].parts[0]");
    expect(await elsewhere.text()).not.toContain("Recognised");
  });
});
